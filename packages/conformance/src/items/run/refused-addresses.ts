import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { metadataAddress } from "../../world/node-network.ts";
import { outsidePort } from "../../world/outside.ts";

export const refusedAddresses: Item = {
  id: "run/refused-addresses",
  title: "The actor reaches neither the node nor metadata services.",
  rule: "actor-refused",
  about:
    "The probe connects to a server on the node's side of its link and to one at 169.254.169.254. Clouds give credentials away at that address.",
  mistakes: "Masquerading everything, which makes the actor's packets the worker's own.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.worker();
    const server = net.createServer((socket) => socket.on("error", () => undefined).end("here is the node"));
    server.listen(0, worker.nodeAddress);
    await once(server, "listening");
    bench.defer(() => server.close());
    await worker.run(bench.actor());
    const targets = [
      { host: worker.nodeAddress, port: (server.address() as AddressInfo).port },
      { host: metadataAddress, port: outsidePort },
    ];
    for (const { host, port } of targets) {
      const { text } = await worker.probe.ask("POST /dial", { query: { id: host, host, port } });
      expect(text === undefined, `the actor reached ${host}:${port}, which said ${JSON.stringify(text)}`);
    }
  },
};

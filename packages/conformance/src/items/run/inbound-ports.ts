import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const inboundPorts: Item = {
  id: "run/inbound-ports",
  title: "Every port leads to the actor from the node, and only from there.",
  rule: "actor-inbound-node",
  about:
    "Asks port 8080 of the worker's address from the node's side of its link, which has to work, and from outside, which must not.",
  mistakes: "One rule for port 80; or one for all ports and everybody.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor({ containers: [{ env: { PROBE_PORTS: "80,8080" } }] }));
    await worker.probe.state({ port: 8080 });
    const outside = bench.outside.get(`http://${worker.address}:8080/state`);
    const silence = new Promise<string>((resolve) => setTimeout(resolve, 1_000, "no answer"));
    const answer = await Promise.race([outside, silence]);
    expect(answer.startsWith("no answer"), `from outside, port 8080 answered ${answer}`);
  },
};

import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { outsideAddress } from "../../world/node-network.ts";
import { outsidePort } from "../../world/outside.ts";

export const outbound: Item = {
  id: "run/outbound",
  title: "The actor reaches the world from its worker's address.",
  rule: "actor-outbound",
  about: "The probe connects to a machine outside, which tells from which address it was called.",
  mistakes: "No masquerading, so that answers to 169.254.17.2 find no way back.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const query = { id: "out", host: outsideAddress, port: outsidePort };
    const { text, outcome } = await worker.probe.ask("POST /dial", { query });
    expectEqual(text ?? outcome, `from ${worker.address}`, "what the machine outside said");
  },
};

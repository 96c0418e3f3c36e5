import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { outsideAddress } from "../../world/node-network.ts";
import { outsidePort } from "../../world/outside.ts";
import { expectContinued } from "../prove.ts";

export const outboundConnection: Item = {
  id: "restore/outbound-connection",
  title: "A connection of the actor's own that is open at the checkpoint does no harm.",
  rule: "restore-connections",
  about:
    "The probe keeps a connection to a machine outside over its checkpoint. After the restore it must not pretend to work, and a new one must.",
  mistakes: "A runtime that refuses to save connected sockets.",
  needs: ["command"],
  async run(bench) {
    const [one, two] = [await bench.worker(), await bench.worker()];
    const actor = bench.actor();
    await one.run(actor);
    const target = { host: outsideAddress, port: outsidePort };
    await one.probe.ask("POST /dial", { query: { id: "old", ...target } });
    const before = await one.probe.count();
    await two.restore(actor, await one.checkpoint());
    expectContinued(await two.probe.state(), before, bench.scope);
    const old = await two.probe.ask("POST /send", { query: { id: "old" }, body: "still there?" });
    expect(old.text === undefined, "the connection of before the checkpoint was answered");
    const { text, outcome } = await two.probe.ask("POST /dial", { query: { id: "new", ...target } });
    expect(text === `from ${two.address}`, `a new connection got ${text ?? outcome}`);
  },
};

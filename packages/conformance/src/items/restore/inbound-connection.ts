import type { Item } from "../../item.ts";
import { openConnection } from "../../world/connection.ts";
import { expectContinued } from "../prove.ts";

export const inboundConnection: Item = {
  id: "restore/inbound-connection",
  title: "A connection to the actor that is open at the checkpoint does no harm, twice over.",
  rule: "restore-connections",
  about:
    "Keeps a connection open over a checkpoint and over the next one. Clients keep connections alive, so nearly every checkpoint meets some.",
  mistakes:
    "A runtime that refuses to save connected sockets, or whose restored program never hears of new connections.",
  needs: ["two-workers"],
  async run(bench) {
    const [one, two] = [await bench.worker(), await bench.worker()];
    const actor = bench.actor();
    const openOne = async (address: string) => {
      const connection = await openConnection(address);
      bench.defer(() => connection.close());
      await connection.exchange("GET /state HTTP/1.1\r\nHost: actor\r\n\r\n");
    };
    await one.run(actor);
    let before = await one.probe.count();
    await openOne(one.address);
    await two.restore(actor, await one.checkpoint());
    expectContinued(await two.probe.state(), before, bench.scope);
    before = await two.probe.count();
    await openOne(two.address);
    await one.restore(actor, await two.checkpoint());
    expectContinued(await one.probe.state(), before, bench.scope);
  },
};

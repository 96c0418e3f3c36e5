import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const bootId: Item = {
  id: "extensions/boot-id",
  title: "The boot id stays while the process lives, and is new at each start.",
  rule: "extensions-describe",
  about:
    "Asks twice, kills the back end, starts it again for the same uid and asks once more. By the boot id a node learns that a worker has lost what it ran.",
  mistakes: "The uid, the version or the host name as boot id.",
  needs: ["describe", "command"],
  async run(bench) {
    const worker = await bench.ownWorker();
    const ask = async (of: typeof worker) => (await of.extensions.describe({}, { timeoutMs: 5_000 })).bootId;
    const first = await ask(worker);
    expectEqual(await ask(worker), first, "the boot id when it is asked again");
    await worker.process.kill();
    const second = await ask(await bench.restart(worker));
    expect(second !== first, `the boot id is ${first} before and after a restart`);
  },
};

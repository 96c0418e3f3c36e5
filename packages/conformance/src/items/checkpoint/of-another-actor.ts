import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveUnharmed } from "../prove.ts";

export const ofAnotherActor: Item = {
  id: "checkpoint/of-another-actor",
  title: "A checkpoint of another actor than the one that runs is refused.",
  rule: "checkpoint-refused",
  about:
    "Runs one actor and asks for a checkpoint of another. One actor's state must never be stored as another's.",
  mistakes: "Checkpointing whatever runs, and using the names of the request for the paths only.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const before = await worker.probe.count();
    const other = bench.actor();
    await worker.prepare(other);
    await expectRefusal(
      worker.callCheckpoint(other),
      "CheckpointWorkload of an actor that does not run",
      Code.FailedPrecondition,
      Code.NotFound,
    );
    await proveUnharmed(worker, actor, before);
  },
};

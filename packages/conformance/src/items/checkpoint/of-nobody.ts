import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";

export const ofNobody: Item = {
  id: "checkpoint/of-nobody",
  title: "A checkpoint of an available worker is refused.",
  rule: "checkpoint-refused",
  about: "Asks for a checkpoint where nothing runs; then runs an actor there.",
  mistakes: "An empty snapshot, which the node would store as the actor's state.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.prepare(actor);
    await expectRefusal(
      worker.callCheckpoint(actor),
      "CheckpointWorkload on an available worker",
      Code.FailedPrecondition,
      Code.NotFound,
    );
    await proveAvailable(bench, worker);
  },
};

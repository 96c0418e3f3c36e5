import { Code, ConnectError } from "@connectrpc/connect";
import { codeName, expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const twoRuns: Item = {
  id: "concurrency/two-runs",
  title: "Of two starts at once, one wins and the other is refused.",
  rule: "run-one-at-a-time",
  about: "Sends RunWorkload for two actors at the same time. Exactly one has to run, whole and as itself.",
  mistakes: "Looking whether the worker is free, awaiting something, and taking it only then.",
  async run(bench) {
    const worker = await bench.worker();
    const actors = [bench.actor(), bench.actor()];
    for (const actor of actors) await worker.prepare(actor);
    const outcomes = await Promise.allSettled(actors.map((actor) => worker.callRun(actor)));
    const winners = actors.filter((_, at) => outcomes[at]?.status === "fulfilled");
    expectEqual(winners.length, 1, "the number of starts that succeeded");
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      const { code, rawMessage } = ConnectError.from(outcome.reason);
      const isRefusal = code === Code.FailedPrecondition;
      expect(isRefusal, `the other start was answered with ${codeName(code)}: ${rawMessage}`);
    }
    expectEqual((await worker.probe.state()).actorId, winners[0]?.key.actorId, "the actor that answers");
  },
};

import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";
import { proveAvailable } from "../prove.ts";

export const whileExecuting: Item = {
  id: "crash/while-executing",
  title: "A back end that is killed while an actor runs comes back available, without the actor.",
  rule: "crash-available",
  about:
    "Kills the back end while an actor answers, starts it again, and asks at the worker's address before and after another actor is run there.",
  mistakes: "Rules and routes that lead to what is left of the old sandbox.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.ownWorker();
    await worker.run(bench.actor());
    const { birth } = await worker.probe.count();
    await worker.process.kill();
    const next = await bench.restart(worker);
    const answer = await httpRequest({ host: next.address, path: "/state", timeoutMs: 1_000 }).catch(
      () => undefined,
    );
    expect(answer === undefined, `somebody answered at the worker's address: ${answer?.text}`);
    await proveAvailable(bench, next);
    expectEqual((await next.probe.state()).birth === birth, false, "whether the old actor answers");
  },
};

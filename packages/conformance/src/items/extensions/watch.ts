import { setTimeout as delay } from "node:timers/promises";
import type { extensions } from "@agent-substrate/contract";
import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

/** Events may be on their way for so long. */
const arrivalTimeoutMs = 5_000;

export const watch: Item = {
  id: "extensions/watch",
  title: "Watch tells of start, readiness and a container's end.",
  rule: "extensions-watch",
  about:
    "Watches a worker while an actor is run and then exits with code 7. A node that hears of the end does not send requests to nobody.",
  mistakes: "Events kept for a later reader; an end that is told only when somebody asks.",
  needs: ["watch"],
  async run(bench) {
    const worker = await bench.worker();
    worker.taint();
    const seen: extensions.WorkerEvent["event"][] = [];
    const stop = new AbortController();
    bench.defer(() => stop.abort());
    let wake = () => {};
    const events = worker.extensions.watch({}, { signal: AbortSignal.any([stop.signal, bench.signal]) });
    const reading = (async () => {
      for await (const { event } of events) {
        seen.push(event);
        wake();
      }
    })();
    reading.catch(() => undefined);
    const arrival = async (kind: string) => {
      const late = delay(arrivalTimeoutMs, "late", { signal: stop.signal });
      late.catch(() => undefined);
      for (;;) {
        const found = seen.find((event) => event.case === kind);
        if (found) return found;
        const next = new Promise<string>((resolve) => (wake = () => resolve("arrived")));
        const outcome = await Promise.race([next, late]);
        const told = seen.map((event) => event.case).join(", ") || "nothing";
        expect(outcome !== "late", `no event ${kind} came within 5 s; there came ${told}`);
      }
    };
    // A stream is there when its call has reached the server; nothing tells that before an event does.
    await worker.extensions.describe({}, { timeoutMs: 5_000 });
    const actor = bench.actor();
    await worker.run(actor);
    const started = await arrival("started");
    if (started.case === "started")
      expectEqual(started.value.actor?.actorId, actor.key.actorId, "the actor that was started");
    await arrival("ready");
    await worker.probe.ask("POST /exit", { query: { code: 7 } });
    const exited = await arrival("exited");
    if (exited.case === "exited") {
      const { container, exitCode } = exited.value;
      expectEqual({ container, exitCode }, { container: "app", exitCode: 7 }, "what was told of the end");
    }
  },
};

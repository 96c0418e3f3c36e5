import { type ateapi, formatPhases, phasesTrailer } from "@agent-substrate/contract";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { Lifecycle, LifecycleOutcome } from "../operations/lifecycle.ts";
import { queuePatienceMs, type Resumes } from "../operations/resumes.ts";
import { actorMessage } from "./actor-message.ts";
import { readActorRef } from "./actor-ref.ts";

type LifecycleCalls = Pick<
  ServiceImpl<typeof ateapi.Control>,
  "resumeActor" | "suspendActor" | "pauseActor" | "deleteActor"
>;

/** A caller is told that no worker is free this long before its own deadline. */
const answerMarginMs = 100;

/** The calls of `ateapi.Control` that begin an operation and wait for its end. */
export function lifecycleCalls(resumes: Resumes, lifecycle: Lifecycle): LifecycleCalls {
  return {
    async resumeActor(request, context) {
      const name = readActorRef(request.actorRef);
      const leftMs = context.timeoutMs() ?? Number.POSITIVE_INFINITY;
      const patienceMs = Math.min(queuePatienceMs, Math.max(0, leftMs - answerMarginMs));
      const { boot } = request;
      return answer(await resumes.resume(name, { boot, signal: context.signal, patienceMs }), context);
    },
    async suspendActor(request, context) {
      return answer(await lifecycle.suspend(readActorRef(request.actorRef)), context);
    },
    async pauseActor(request, context) {
      return answer(await lifecycle.pause(readActorRef(request.actorRef)), context);
    },
    async deleteActor(request, context) {
      answer(await lifecycle.delete(readActorRef(request.actorRef)), context);
      return {};
    },
  };
}

/** L12: where the time went stands in a trailer, also beside a failure. */
function answer({ actor, failure, phases }: LifecycleOutcome, { responseTrailer }: HandlerContext) {
  if (phases) responseTrailer.set(phasesTrailer, formatPhases(phases));
  if (failure) throw failure;
  return { actor: actorMessage(actor) };
}

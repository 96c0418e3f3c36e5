// L12: the `server-timing` header of an answer whose request waited for its actor to wake; its
// phases, with `other`, add up to its total.
import { type Phase, PhaseClock } from "@agent-substrate/contract";

/** A call that wakes an actor, as one of its waiters sees it; milliseconds of `performance.now()`. */
export interface WakeCall {
  readonly startedMs: number;
  /** Absent until it is answered. */
  answeredMs?: number;
  /** What the control plane says about its own time. */
  phases: readonly Phase[];
  /** Settles when the call is over; never rejects. */
  readonly over: Promise<void>;
}

/** A request's time before it was handed to its actor. */
export interface Wait {
  readonly parkedMs: number;
  readonly admittedMs: number;
  /** Absent if the actor was woken by somebody else. */
  readonly wake?: WakeCall;
}

/** The call whose report an answer still has to wait for; undefined where there is none to wait for. */
export function reportToCome(wait: Wait | undefined): Promise<void> | undefined {
  const wake = wait?.wake;
  if (!wake || wake.answeredMs !== undefined || wake.startedMs < wait.parkedMs) return undefined;
  return wake.over;
}

/** Where the time of a request went from its arrival to the head of its answer. */
export function phasesOfWait(wait: Wait, arrivedMs: number, headMs: number): Phase[] {
  const { parkedMs, admittedMs, wake } = wait;
  let nowMs = arrivedMs;
  const clock = new PhaseClock(() => nowMs);
  nowMs = headMs;
  const answeredMs = wake?.answeredMs;
  if (!wake || answeredMs === undefined || wake.startedMs < parkedMs) {
    // Somebody else's wake, or one whose report is not here yet: it is time spent parked.
    clock.add("park", admittedMs - parkedMs);
    clock.add("first-byte", headMs - admittedMs);
    return clock.finish();
  }
  clock.add("park", wake.startedMs - parkedMs);
  let reportedMs = 0;
  for (const { name, durationMs } of wake.phases) {
    reportedMs += durationMs;
    clock.add(name, durationMs);
  }
  clock.add("call", answeredMs - wake.startedMs - reportedMs);
  // The binding comes by another stream, before or after the answer.
  const readyMs = Math.max(admittedMs, answeredMs);
  clock.add("route", readyMs - answeredMs);
  clock.add("first-byte", headMs - readyMs);
  return clock.finish();
}

/** `park;dur=1.200, restore;dur=61.000, total;dur=80.000` */
export function formatServerTiming(phases: readonly Phase[]): string {
  const total = phases.reduce((sum, phase) => sum + phase.durationMs, 0);
  return [...phases, { name: "total", durationMs: total }]
    .map(({ name, durationMs }) => `${name};dur=${Math.max(0, durationMs).toFixed(3)}`)
    .join(", ");
}

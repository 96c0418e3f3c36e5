// L12: each server says where the time of a lifecycle call went, and its caller splices that in.
import { formatPhases, type Phase, parsePhases, phasesTrailer } from "@agent-substrate/contract";

/** The phases that a reply's trailers, or an error's metadata, report. */
export function readPhases(trailers: Headers): Phase[] {
  return parsePhases(trailers.get(phasesTrailer));
}

/** Reports the phases of a call in its trailers: `context.responseTrailer`, or an error's metadata. */
export function writePhases(trailers: Headers, phases: readonly Phase[]): void {
  trailers.set(phasesTrailer, formatPhases(phases));
}

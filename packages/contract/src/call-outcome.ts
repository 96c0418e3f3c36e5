// What the failure of a call about a workload, to a node supervisor or a back end, says about the workload.
// Codes are numbers of google.rpc.Code, as every gRPC library has them.

/** CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, UNAVAILABLE. */
const unanswered: readonly number[] = [1, 2, 4, 10, 14];

/** INVALID_ARGUMENT, PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, UNAUTHENTICATED. */
const unread: readonly number[] = [3, 7, 8, 12, 16];

/**
 * Whether a status is the callee's own answer: a start that failed with one leaves nothing running. With every
 * other code the call may have begun, gone on, or be done.
 */
export function isAnswer(code: number): boolean {
  return !unanswered.includes(code);
}

/** Whether a status refuses the request itself, so that nothing was begun and whatever runs goes on. */
export function isRefusedUnread(code: number): boolean {
  return unread.includes(code);
}

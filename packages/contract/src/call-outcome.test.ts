import assert from "node:assert/strict";
import { test } from "node:test";
import { isAnswer, isRefusedUnread } from "./call-outcome.ts";

const names =
  "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED".split(
    " ",
  );

test("a lost or abandoned call and a failure without a code are no answer", () => {
  assert.deepEqual(
    names.filter((_, code) => !isAnswer(code)),
    ["CANCELLED", "UNKNOWN", "DEADLINE_EXCEEDED", "ABORTED", "UNAVAILABLE"],
  );
});

test("what refuses a request unread is an answer, too", () => {
  const unread = names.filter((_, code) => isRefusedUnread(code));
  assert.deepEqual(unread, [
    "INVALID_ARGUMENT",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "UNIMPLEMENTED",
    "UNAUTHENTICATED",
  ]);
  assert.ok(unread.every((name) => isAnswer(names.indexOf(name))));
});

import assert from "node:assert/strict";
import { Code, ConnectError } from "@connectrpc/connect";

/** A call fails with this code, and its message matches. */
export async function refused(call: Promise<unknown>, code: Code, message = /./): Promise<ConnectError> {
  const [outcome] = await Promise.allSettled([call]);
  assert.ok(outcome.status === "rejected", `answered although ${Code[code]} was expected`);
  const error = ConnectError.from(outcome.reason);
  assert.equal(Code[error.code], Code[code], error.message);
  assert.match(error.rawMessage, message);
  return error;
}

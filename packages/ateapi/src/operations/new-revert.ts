import type { OperationRecord } from "../actors/actor-record.ts";
import { newOperation } from "./engine.ts";

const revertLimitMs = 2 * 60_000;

/** Begun by whoever finds that a workload is gone; `reason` is for people. */
export function newRevert(reason: string): OperationRecord {
  return newOperation({ kind: "revert", cause: "loss", step: "drain", reason }, revertLimitMs);
}

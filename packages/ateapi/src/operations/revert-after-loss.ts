// The workload is gone. The actor goes back to its last committed snapshot, or is CRASHED where its
// template says so; its worker is free once no router can use the old binding (L14) and nothing of the
// actor is left on it.
import { drainRouters } from "./checkpoint-steps.ts";
import type { OperationRun, OperationTable, StepOutcome } from "./operation-table.ts";
import type { OperationWorld } from "./operation-world.ts";
import { restingStatus } from "./resume.ts";
import { endWorkload } from "./workload-calls.ts";

export function revertTable(world: OperationWorld): OperationTable {
  return { kind: "revert", steps: { drain, release } };

  async function drain(run: OperationRun): Promise<StepOutcome> {
    // Only a stop or the limit ends this early, and every router's lease has ended by the limit.
    await drainRouters(world, run, 0).catch(() => undefined);
    return { change: { kind: "advance", step: "release" } };
  }

  async function release({ actor, operation }: OperationRun): Promise<StepOutcome> {
    await endWorkload(world, actor);
    const template = world.catalog.template(actor.templateNamespace, actor.templateName);
    const crash = template?.object.spec.lifecycle.onWorkerLoss === "Crash" && !actor.golden;
    return {
      change: crash
        ? { kind: "release", status: "CRASHED", reason: operation.reason ?? "its worker was lost" }
        : { kind: "release", status: restingStatus(actor) },
    };
  }
}

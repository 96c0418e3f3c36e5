// SUSPENDED to gone: its snapshots, what nodes keep of it, and then its record.
import { displayName } from "../actors/actor-record.ts";
import type { OperationRun, OperationTable, StepOutcome } from "./operation-table.ts";
import type { OperationWorld } from "./operation-world.ts";

export const deleteLimitMs = 5 * 60_000;
const forgetTimeoutMs = 30_000;

export function deleteTable(world: OperationWorld): OperationTable {
  return { kind: "delete", steps: { snapshots, forget } };

  async function snapshots(run: OperationRun): Promise<StepOutcome> {
    await run.clock.measure("snapshots", () => world.deletions.settled(run.actor, run.signal));
    return { change: { kind: "advance", step: "forget" } };
  }

  async function forget({ actor, signal, clock }: OperationRun): Promise<StepOutcome> {
    const request = {
      actorTemplateNamespace: actor.templateNamespace,
      actorTemplateName: actor.templateName,
      atespace: actor.atespace,
      actorId: actor.actorId,
    };
    const calls = world.nodes.connected().map(async ({ client }) => {
      if (await client.offersNode()) {
        await client.node.forgetActor(request, { signal, timeoutMs: forgetTimeoutMs });
      }
    });
    const results = await clock.measure("forget", () => Promise.allSettled(calls));
    const left = actor.retired.map(({ prefix, node }) => `${prefix} on ${node}`);
    const failed = results.filter(({ status }) => status === "rejected").length;
    // A node that is away must not keep a name from being used again; what is left is in the log.
    if (left.length > 0 || failed > 0) {
      world.log.warn(
        { actor: displayName(actor), snapshots: left, nodesFailed: failed },
        "deleted with remains",
      );
    }
    return { remove: true };
  }
}

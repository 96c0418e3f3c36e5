// What many items ask at their end.
import { expectEqual } from "../expect.ts";
import type { Actor } from "../world/actor.ts";
import type { Bench } from "../world/bench.ts";
import type { ProbeState } from "../world/probe-client.ts";
import type { SnapshotScope } from "../world/scope.ts";
import type { Worker } from "../world/worker.ts";

/** The worker runs a new actor, which finds nothing of another. */
export async function proveAvailable(bench: Bench, worker: Worker): Promise<void> {
  const actor = bench.actor();
  await worker.run(actor);
  const { actorId, memory, file, durable } = await worker.probe.state();
  const found = { actorId, memory, file, durable: durable ?? 0 };
  expectEqual(
    found,
    { actorId: actor.key.actorId, memory: 0, file: 0, durable: 0 },
    "what the next actor found",
  );
}

/** The actor answers as itself with these counts, and is the process that it was. */
export async function proveUnharmed(worker: Worker, actor: Actor, before: ProbeState): Promise<void> {
  const { actorId, memory, file, birth } = await worker.probe.state();
  const expected = {
    actorId: actor.key.actorId,
    memory: before.memory,
    file: before.file,
    birth: before.birth,
  };
  expectEqual({ actorId, memory, file, birth }, expected, "the state of the actor that was running");
}

/** After a restore, what the scope keeps goes on and what it does not keep is new. */
export function expectContinued(after: ProbeState, before: ProbeState, scope: SnapshotScope): void {
  const { memory, file, durable } = after;
  const isFull = scope === "full";
  const expected = {
    memory: isFull ? before.memory : 0,
    file: isFull ? before.file : 0,
    durable: before.durable,
  };
  expectEqual({ memory, file, durable }, expected, "the state after the restore");
  expectEqual(after.birth === before.birth, isFull, "whether it is the same process as before");
}

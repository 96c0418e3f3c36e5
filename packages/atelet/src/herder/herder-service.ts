// The RPC edge of the node's lifecycle calls: validates, converts once, and says where the time went.
// L4: no call heeds its caller's connection; an operation goes on to its end.
import { type atelet, PhaseClock, validateDns1123Label } from "@agent-substrate/contract";
import { toConnectError, writePhases } from "@agent-substrate/rpc-kit";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import { type ActorFields, type Assignment, parseAssignment } from "../actors/assignment.ts";
import { parseWorkload } from "../actors/workload.ts";
import { parseSandboxAssets } from "../assets/sandbox-assets.ts";
import { checkpointActor } from "../operations/checkpoint-actor.ts";
import type { NodeWorld } from "../operations/node-world.ts";
import { OperationJournal } from "../operations/operation-journal.ts";
import { startActor } from "../operations/start-actor.ts";
import type { LocalSnapshot } from "../snapshots/snapshot-store.ts";
import type { Worker } from "../workers/worker.ts";
import { localPrefixOf, parsePlace, parseScope, type SnapshotPlace } from "./checkpoint-place.ts";

interface Target extends ActorFields {
  readonly targetAteomUid: string;
}

/** Told of each operation as it ends, for metrics. */
export type ObserveOperation = (kind: string, clock: PhaseClock, failed: boolean) => void;

export function herderService(
  world: NodeWorld,
  observe: ObserveOperation,
): ServiceImpl<typeof atelet.AteomHerder> {
  const journal = new OperationJournal();

  const answer = async (
    kind: string,
    target: Target,
    context: HandlerContext,
    act: (worker: Worker, assignment: Assignment, clock: PhaseClock) => Promise<void>,
  ) => {
    const clock = new PhaseClock();
    try {
      const uid = validateDns1123Label("target_ateom_uid", target.targetAteomUid);
      const assignment = parseAssignment(target, context.requestHeader);
      const worker = world.workers.find(uid);
      world.generations.admit(assignment);
      const id = assignment.operationId && `${kind} ${uid} ${assignment.operationId}`;
      const { isOwn } = await journal.perform(id, () => act(worker, assignment, clock));
      if (!isOwn) clock.add("join", clock.elapsedMs());
      observe(kind, clock, false);
      writePhases(context.responseTrailer, clock.finish());
      return {};
    } catch (error) {
      observe(kind, clock, true);
      const refused = toConnectError(error);
      writePhases(refused.metadata, clock.finish());
      throw refused;
    }
  };

  return {
    run: (request, context) => {
      return answer("run", request, context, async (worker, assignment, clock) => {
        const workload = parseWorkload(request.spec);
        const assets = parseSandboxAssets("sandbox_assets", request.sandboxAssets, world.architecture);
        await startActor(world, { worker, assignment, workload, source: { kind: "images", assets } }, clock);
      });
    },
    restore: (request, context) => {
      return answer("restore", request, context, async (worker, assignment, clock) => {
        const workload = parseWorkload(request.spec);
        const place = parsePlace(request.type, request.config);
        const scope = parseScope(request.scope);
        const provide = () => provideSnapshot(world, place);
        await startActor(
          world,
          { worker, assignment, workload, source: { kind: "snapshot", scope, provide } },
          clock,
        );
      });
    },
    checkpoint: (request, context) => {
      return answer("checkpoint", request, context, async (worker, asked, clock) => {
        parseWorkload(request.spec);
        const place = parsePlace(request.type, request.config);
        const scope = parseScope(request.scope);
        const prefix = localPrefixOf(place);
        const uriPrefix = place.kind === "external" ? place.uriPrefix : "";
        await checkpointActor(world, { worker, asked, scope, prefix, uriPrefix }, clock);
        if (uriPrefix !== "") await clock.measure("upload", () => world.snapshots.upload(prefix, uriPrefix));
      });
    },
  };
}

async function provideSnapshot(world: NodeWorld, place: SnapshotPlace): Promise<LocalSnapshot> {
  if (place.kind === "external") return world.snapshots.provide(place.uriPrefix);
  const snapshot = world.snapshots.find(place.prefix);
  if (snapshot) return snapshot;
  throw new ConnectError(`this node has no snapshot ${place.prefix}`, Code.NotFound);
}

import type { ActorRecord } from "../actors/actor-record.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";
import type { WorkerDirectory } from "./worker-directory.ts";

/**
 * Why an actor's workload is gone for certain, or undefined. Silence is no evidence: a node whose
 * stream is down keeps its actors until its lease ends.
 */
export function findLoss(
  actor: ActorRecord,
  nodes: NodeDirectory,
  workers: WorkerDirectory,
): string | undefined {
  const { assignment } = actor;
  if (!assignment) return undefined;
  const reported = workers.lossOf(assignment.workerUid);
  if (reported?.generation === actor.generation) return reported.reason;
  if (!nodes.isLeased(assignment.node)) return `node ${assignment.node} is lost`;
  if (!nodes.find(assignment.node)) return undefined;
  const worker = workers.get(assignment.workerUid);
  if (!worker) return `worker ${assignment.podName} ended`;
  if (worker.bootId !== assignment.bootId) return `the back end of worker ${assignment.podName} started anew`;
  if (worker.state === "available" && worker.generation === actor.generation) {
    return `the workload on worker ${assignment.podName} ended`;
  }
  return undefined;
}

/** The worker says that it runs this actor under its present generation. */
export function isExecuting(actor: ActorRecord, workers: WorkerDirectory): boolean {
  const worker = actor.assignment && workers.get(actor.assignment.workerUid);
  return worker?.state === "executing" && worker.generation === actor.generation;
}

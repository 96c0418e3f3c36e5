// Puts the parts of the control plane together. Between parts there are two kinds of arrows: calls, and
// listeners to what changed in actors, workers, nodes and resources, in the order that is set up here.
import { parseDuration, type routes } from "@agent-substrate/contract";
import type { Logger } from "@agent-substrate/process-kit";
import { type ActorRecord, goldenAtespace } from "./actors/actor-record.ts";
import { LiveActors } from "./actors/live-actors.ts";
import { type AteapiMetrics, createAteapiMetrics } from "./ateapi-metrics.ts";
import { Activity } from "./idleness/activity.ts";
import { Evictions } from "./idleness/evictions.ts";
import { FailedSuspends } from "./idleness/failed-suspends.ts";
import { SuspendAfter } from "./idleness/suspend-after.ts";
import { instructNodes } from "./nodes/instruct-nodes.ts";
import { NodeDirectory } from "./nodes/node-directory.ts";
import { StaticNodes } from "./nodes/static/static-nodes.ts";
import { deleteTable } from "./operations/delete.ts";
import { OperationEngine } from "./operations/engine.ts";
import { Lifecycle } from "./operations/lifecycle.ts";
import { makeGoldenTable } from "./operations/make-golden.ts";
import { operationEvent } from "./operations/operation-event.ts";
import type { OperationWorld } from "./operations/operation-world.ts";
import { pauseTable } from "./operations/pause.ts";
import { resumeTable } from "./operations/resume.ts";
import { Resumes } from "./operations/resumes.ts";
import { revertTable } from "./operations/revert-after-loss.ts";
import { suspendTable } from "./operations/suspend.ts";
import type { AteapiOptions } from "./options.ts";
import { Placement } from "./placement/placement.ts";
import { countWorkers } from "./pools/count-workers.ts";
import { describeMissing, isMissing } from "./pools/pool-failure.ts";
import { ResourceCatalog } from "./resources/resource-catalog.ts";
import { BindingTable } from "./routes/binding-table.ts";
import { RouterLeases } from "./routes/router-leases.ts";
import { SnapshotDeletions } from "./snapshots/snapshot-deletions.ts";
import { SnapshotLocations } from "./snapshots/snapshot-locations.ts";
import { SnapshotUploads } from "./snapshots/snapshot-uploads.ts";
import { isRefusal, type Store } from "./storage/store.ts";
import { GoldenKeeper } from "./templates/golden-keeper.ts";
import { GoldenSnapshots } from "./templates/golden-snapshots.ts";
import { ChangeFeed } from "./watch/change-feed.ts";
import { Events } from "./watch/events.ts";
import { publishChanges } from "./watch/publish-changes.ts";
import { DoubtedWorkers } from "./workers/doubted-workers.ts";
import { LossWatch } from "./workers/loss-watch.ts";
import { WorkerDirectory } from "./workers/worker-directory.ts";

export interface ControlPlane {
  readonly store: Store;
  readonly actors: LiveActors;
  readonly nodes: NodeDirectory;
  /** Names of the nodes that a file lists. */
  readonly staticNodes: ReadonlySet<string>;
  readonly workers: WorkerDirectory;
  readonly catalog: ResourceCatalog;
  readonly bindings: BindingTable;
  readonly leases: RouterLeases;
  readonly activity: Activity;
  readonly losses: LossWatch;
  readonly goldenKeeper: GoldenKeeper;
  readonly resumes: Resumes;
  readonly lifecycle: Lifecycle;
  readonly feed: ChangeFeed;
  readonly metrics: AteapiMetrics;
  reportActivity(routerId: string, activity: routes.ActorActivity): void;
  /** Leaves every operation where it stands. */
  stop(): void;
}

/** Loads what an earlier control plane left, and goes on with it. */
export async function openControlPlane(
  store: Store,
  options: AteapiOptions,
  log: Logger,
): Promise<ControlPlane> {
  const actors = new LiveActors(store);
  const catalog = new ResourceCatalog(store);
  const nodes = new NodeDirectory(options.nodeLease);
  const workers = new WorkerDirectory();
  const placement = new Placement(workers, nodes, actors, options.queueLengthMax);
  const leases = new RouterLeases(options.routerLease);
  const goldens = new GoldenSnapshots();
  const uploads = new SnapshotUploads(actors, nodes, log);
  const deletions = new SnapshotDeletions(actors, nodes, log);
  const feed = new ChangeFeed();
  const events = new Events(store, feed, log);
  const failedSuspends = new FailedSuspends();
  const doubted = new DoubtedWorkers(nodes, workers, (event) => events.record(event), log);
  const staticNodes = options.staticNodes ?? [];
  const locations = new SnapshotLocations(catalog, options.snapshotsLocation, await store.storeUid());
  const world: OperationWorld = {
    actors,
    nodes,
    workers,
    placement,
    catalog,
    leases,
    locations,
    uploads,
    deletions,
    doubted,
    staticNodes: new Set(staticNodes.map(({ name }) => name)),
    goldens,
    failedSuspends,
    log,
  };

  // Routers hear of a change before anybody acts on it.
  const bindings = new BindingTable((actor) => routeShape(catalog, actor));
  actors.onChange((after, before) => {
    if (after) bindings.update(after);
    else if (before) bindings.remove(before);
  });
  const activity = new Activity();
  actors.onChange((after, before) => {
    if (after?.status === "RUNNING" && before?.status !== "RUNNING") activity.begin(after);
    else if (!after?.assignment && before?.assignment) {
      activity.end(before);
      failedSuspends.forget(before);
    }
    if (before?.assignment && before.assignment.workerUid !== after?.assignment?.workerUid) {
      workers.markFree(before.assignment.workerUid);
    }
    placement.reconsider();
  });
  workers.onChange((after, before) => {
    placement.reconsider();
    if (!after || !isMissing(after) || after.message === before?.message) return;
    events.record({ reason: "WorkerNotStarted", message: describeMissing(after), worker: after.podName });
  });
  nodes.onChange({ connected: () => placement.reconsider() });
  publishChanges(feed, { store, actors, workers, catalog });

  const tables = [resumeTable, suspendTable, pauseTable, deleteTable, makeGoldenTable, revertTable];
  const engine = new OperationEngine(
    actors,
    tables.map((table) => table(world)),
    log,
    (outcome) => {
      metrics.ended(outcome);
      events.record(operationEvent(outcome));
    },
  );
  const metrics = createAteapiMetrics({
    queueLength: () => placement.queueLength,
    operations: () => engine.inFlight,
    uploads: () => uploads.inFlight,
    deletions: () => deletions.inFlight,
    workers: () => workers.all().length,
    doubtedWorkers: () => doubted.count,
    nodes: () => nodes.connected().length,
    watchers: () => feed.readers,
  });
  const losses = new LossWatch(actors, nodes, workers, log);
  const goldenKeeper = new GoldenKeeper(world, engine);
  const lifecycle = new Lifecycle(world, engine);
  const resumes = new Resumes(world, engine, (actor) => activity.touch(actor));
  const suspendIdle = (actor: ActorRecord) => lifecycle.suspendIdle(actor);
  const evictions = new Evictions(actors, workers, activity, failedSuspends, placement, suspendIdle);
  const suspendAfter = new SuspendAfter(
    actors,
    activity,
    failedSuspends,
    (actor) => suspendAfterMs(catalog, actor),
    suspendIdle,
  );
  instructNodes(nodes, catalog);
  countWorkers(workers, catalog, log);

  await createGoldenAtespace(store);
  await catalog.load();
  await goldenKeeper.load();
  // Nodes that held workers have one lease from now to come back (L13).
  for (const { assignment } of await store.listUnsettledActors())
    if (assignment) nodes.expect(assignment.node);
  await actors.load();
  await goldenKeeper.start();
  const listed = new StaticNodes(nodes, workers, log);
  listed.start(staticNodes);

  return {
    store,
    actors,
    nodes,
    staticNodes: world.staticNodes,
    workers,
    catalog,
    bindings,
    leases,
    activity,
    losses,
    goldenKeeper,
    resumes,
    lifecycle,
    feed,
    metrics,
    reportActivity(routerId, reported) {
      activity.report(routerId, reported);
      placement.reconsider();
    },
    stop() {
      listed.stop();
      doubted.stop();
      goldenKeeper.stop();
      evictions.stop();
      suspendAfter.stop();
      engine.stop();
      uploads.stop();
      deletions.stop();
      leases.close();
      nodes.close();
    },
  };
}

function routeShape(catalog: ResourceCatalog, actor: ActorRecord) {
  const spec = catalog.template(actor.templateNamespace, actor.templateName)?.object.spec;
  return {
    ports: spec?.ports.map(({ port }) => port) ?? [],
    drainMs: (spec?.lifecycle.drainSeconds ?? 30) * 1000,
  };
}

function suspendAfterMs(catalog: ResourceCatalog, actor: ActorRecord): number | undefined {
  const template = catalog.template(actor.templateNamespace, actor.templateName);
  const text = template?.object.spec.lifecycle.suspendAfter;
  return text === undefined ? undefined : parseDuration("suspendAfter", text);
}

async function createGoldenAtespace(store: Store): Promise<void> {
  try {
    await store.createAtespace(goldenAtespace);
  } catch (error) {
    if (!isRefusal(error, "exists")) throw error;
  }
}

// The node supervisor. Start order: what an earlier life left is removed, then stores and network are
// opened, then calls are served, and last the control plane is told. It stops in the opposite order.
import { randomUUID } from "node:crypto";
import { atelet, node } from "@agent-substrate/contract";
import { createMetrics, type Logger, type Metrics } from "@agent-substrate/process-kit";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { ActorDirectories } from "./actors/actor-directories.ts";
import { Generations } from "./actors/generations.ts";
import { AssetCache } from "./assets/asset-cache.ts";
import { ControlLink } from "./control-link.ts";
import { herderService } from "./herder/herder-service.ts";
import { nodeService } from "./herder/node-service.ts";
import { ImageStore } from "./images/image-store.ts";
import { ActorLogs } from "./logs/actor-logs.ts";
import { parseOutputLine } from "./logs/output-record.ts";
import { NodeNetwork } from "./network/node-network.ts";
import { observeNode } from "./node-metrics.ts";
import { createNodeDirectories, nodePaths } from "./node-paths.ts";
import type { NodeWorld } from "./operations/node-world.ts";
import { SnapshotStore } from "./snapshots/snapshot-store.ts";
import { Trash } from "./trash.ts";
import { removeWorkerRemains } from "./workers/remove-remains.ts";
import { nodeLabels } from "./workers/worker-needs.ts";
import { WorkerSet } from "./workers/worker-set.ts";

export interface AteletOptions {
  /** Absolute; all that the node keeps lies there. */
  readonly basePath: string;
  /** Of the control plane's Nodes service, such as `unix:/…/control.sock`. */
  readonly controlAddress: string;
  /** 0600; `owner` is who may call beside root. */
  readonly listen: {
    readonly unixPath: string;
    readonly owner?: { readonly uid: number; readonly gid: number };
  };
  /** DNS-1123 subdomain. */
  readonly nodeName: string;
  /** Names this machine's name servers. Default `/etc/resolv.conf`. */
  readonly hostResolvConf?: string;
  /** PATH of back ends' processes. */
  readonly path: string;
  readonly log: Logger;
  /** Default: a registry of its own. */
  readonly metrics?: Metrics;
}

export interface RunningAtelet {
  /** `unix:<path>`. */
  readonly address: string;
  readonly metrics: Metrics;
  /** Ends all workers and leaves nothing of them on the machine. Idempotent. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Resolves when calls are served; the control plane may come later. Needs root. */
export async function startAtelet(options: AteletOptions): Promise<RunningAtelet> {
  const { log } = options;
  const metrics = options.metrics ?? createMetrics();
  const architecture = nodeArchitecture();
  const paths = nodePaths(options.basePath);
  await using opened = new AsyncDisposableStack();

  await createNodeDirectories(paths);
  await removeWorkerRemains(paths);
  const trash = new Trash(paths.trash);
  opened.defer(() => trash.drain());
  await trash.empty();
  const actors = new ActorDirectories(paths, trash);
  await actors.empty();
  const images = await ImageStore.open(paths, architecture);
  const snapshots = await SnapshotStore.open(paths, trash);
  for (const [prefix, reason] of snapshots.listUnreadable())
    log.error({ prefix, reason }, "snapshot-unreadable");
  const logs = new ActorLogs(paths.logs);
  const network = await NodeNetwork.open(paths, options.hostResolvConf ?? "/etc/resolv.conf");
  opened.defer(() => network.close());

  const workers = new WorkerSet({
    paths,
    network,
    path: options.path,
    nodeLabels: nodeLabels(architecture),
    onOutput: async (line, of) => {
      const output = parseOutputLine(line, of, Date.now());
      // A back end that names no possible actor loses that line, not the ones after it.
      if (output) await logs.append(output).catch((err) => log.warn({ err }, "output-dropped"));
    },
    onLog: (line, group) => log.info({ group, line }, "back-end-log"),
    onFailure: ({ namespace, name }, reason) => {
      log.warn({ pool: `${namespace}/${name}`, reason }, "workers-not-started");
    },
    cleanUp: (assignment) => actors.remove(assignment),
  });
  opened.defer(() => workers.stop());
  workers.events.on("lost", ({ workerUid, assignment, reason }) => {
    log.warn({ worker: workerUid, actor: assignment.key, reason }, "workload-lost");
  });

  const assets = new AssetCache(paths);
  const world: NodeWorld = {
    paths,
    architecture,
    images,
    assets,
    snapshots,
    workers,
    actors,
    generations: new Generations(),
  };
  const observeOperation = observeNode(metrics, world);
  const server = await serveRpc({
    services: [atelet.AteomHerder, node.Node],
    routes: (router) => {
      router.service(atelet.AteomHerder, herderService(world, observeOperation));
      router.service(node.Node, nodeService(world, logs, options.nodeName));
    },
    listen: options.listen,
    observe: ({ service, method, error, durationMs }) => {
      if (error)
        log.warn(
          { service, method, code: error.code, error: error.rawMessage, err: error.cause, durationMs },
          "call-failed",
        );
    },
  });
  opened.use(server);

  const link = new ControlLink({
    address: options.controlAddress,
    hello: {
      nodeName: options.nodeName,
      bootId: randomUUID(),
      herderAddress: server.address,
      architecture,
      startsWorkers: true,
    },
    workers,
    log,
  });
  opened.defer(() => link.close());

  const release = opened.move();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= release.disposeAsync());
  return { address: server.address, metrics, stop, [Symbol.asyncDispose]: stop };
}

function nodeArchitecture(): string {
  if (process.arch === "x64") return "amd64";
  if (process.arch === "arm64") return "arm64";
  throw new Error(`this machine is of architecture ${process.arch}; nodes are amd64 or arm64`);
}

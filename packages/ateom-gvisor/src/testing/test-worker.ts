// A worker of the back end with everything that the kit would give it, on the real runsc.
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContainerExit, SandboxWorker, SnapshotScope, Workload } from "@agent-substrate/ateom-kit";
import { type ActorPaths, contractPaths, PhaseClock } from "@agent-substrate/contract";
import { createGvisorBackEnd } from "../gvisor-ateom.ts";
import { removeTree } from "../remove-tree.ts";
import { type BundleOptions, writeActor } from "./bundles.ts";
import { getJson } from "./http.ts";
import { openTestNetwork, type TestNetwork } from "./network.ts";
import { type OutputLine, openTestOutput } from "./output.ts";
import { makeRootfs } from "./rootfs.ts";

/** The runsc under test: `SUBSTRATE_RUNSC`. */
export const runscPath = process.env.SUBSTRATE_RUNSC ?? "";

/** Why the tests on a real sandbox do not run, or false. */
export const skipReason = !runscPath
  ? "SUBSTRATE_RUNSC names no runsc"
  : process.getuid?.() !== 0
    ? "runsc needs root"
    : false;

/** A node: base path and one root file system. */
export interface TestNode extends AsyncDisposable {
  readonly basePath: string;
  readonly rootfs: string;
  readonly resolvConf: string;
}

/** At a path of its own, or at one that does not exist yet. */
export async function openTestNode(path?: string): Promise<TestNode> {
  const basePath = path ?? (await mkdtemp(join(tmpdir(), "gv-")));
  const rootfs = join(basePath, "rootfs");
  const resolvConf = join(basePath, "resolv.conf");
  await makeRootfs(rootfs);
  await writeFile(resolvConf, "nameserver 169.254.17.1\n");
  return {
    basePath,
    rootfs,
    resolvConf,
    [Symbol.asyncDispose]: () => removeTree(basePath),
  };
}

export interface TestWorker extends AsyncDisposable {
  readonly uid: string;
  readonly directory: string;
  readonly worker: SandboxWorker;
  readonly network: TestNetwork;
  readonly lines: OutputLine[];
  /** The next container that ends by itself. */
  nextExit(): Promise<ContainerExit>;
  /** Writes an actor's bundles for this worker and answers its workload. */
  place(actorId: string, options?: Partial<BundleOptions>): Promise<Workload>;
  /** Takes a snapshot into the actor's checkpoint directory, emptied before. */
  checkpoint(workload: Workload, scope: SnapshotScope): Promise<readonly string[]>;
  /** A file as the actor sees it, or why it cannot read it. */
  read(path: string): Promise<unknown>;
  /** GET from the actor, tried until it answers. */
  get(path?: string, options?: { port?: number }): Promise<unknown>;
}

/** Opens a worker; with `uid` the one that a dead process had. */
export async function openTestWorker(
  node: TestNode,
  reuse?: { uid: string; network: TestNetwork },
): Promise<TestWorker> {
  const uid = reuse?.uid ?? randomUUID();
  const network = reuse?.network ?? (await openTestNetwork(uid.slice(0, 8)));
  const paths = contractPaths(node.basePath);
  const { directory } = paths.ateom(uid);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lines: OutputLine[] = [];
  const exits: ContainerExit[] = [];
  const waiting: ((exit: ContainerExit) => void)[] = [];
  const ignore = () => {};
  const worker = await createGvisorBackEnd().openWorker({
    uid,
    paths: paths.ateom(uid),
    contractPaths: paths,
    network,
    openOutput: (name) => openTestOutput(directory, name, lines),
    reportExit(exit) {
      const first = waiting.shift();
      if (first) first(exit);
      else exits.push(exit);
    },
    log: { debug: ignore, info: ignore, warn: console.error, error: console.error },
  });
  return {
    uid,
    directory,
    worker,
    network,
    lines,
    nextExit: () =>
      new Promise((resolve) => {
        const first = exits.shift();
        if (first) resolve(first);
        else waiting.push(resolve);
      }),
    async place(actorId, options = {}) {
      const key = { namespace: "default", template: "counter.test", actorId };
      const bundles: BundleOptions = {
        rootfs: node.rootfs,
        resolvConf: node.resolvConf,
        netnsPath: network.netnsPath,
        containers: { main: ["/bin/node", "/app/server.mjs"] },
        ...options,
      };
      const actorPaths = paths.actor(key);
      await writeActor(actorPaths, actorId, bundles);
      return workloadOf(key, actorPaths, Object.keys(bundles.containers));
    },
    async checkpoint(workload, scope) {
      await rm(workload.paths.checkpoint, { recursive: true });
      await mkdir(workload.paths.checkpoint);
      return worker.checkpoint(again(workload), scope, new AbortController().signal);
    },
    read: (path) => getJson(network.actorAddress, 80, "/read", { "x-path": path }),
    get: (path = "/", { port = 80 } = {}) => getJson(network.actorAddress, port, path),
    async [Symbol.asyncDispose]() {
      await worker.close();
      await network[Symbol.asyncDispose]();
    },
  };
}

/** The same actor's next call: a workload with times of its own. */
export function again(workload: Workload): Workload {
  return { ...workload, phases: new PhaseClock() };
}

function workloadOf(key: Workload["key"], paths: ActorPaths, names: readonly string[]): Workload {
  return {
    key,
    containers: names.map((name) => ({ name, durableDirMountPaths: [] })),
    assets: { runsc: runscPath },
    paths,
    phases: new PhaseClock(),
  };
}

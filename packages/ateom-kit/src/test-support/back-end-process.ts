import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type ActorKey,
  ateom,
  type ContractPaths,
  contractPaths,
  extensions,
  workerNetnsPath,
} from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { type Client, createClient } from "@connectrpc/connect";

const fakeMain = fileURLToPath(new URL("../fake/main.ts", import.meta.url));

/** A data folder of its own for a test, removed with it. */
export async function makeDataFolder(): Promise<{ paths: ContractPaths } & AsyncDisposable> {
  const basePath = await mkdtemp("/tmp/ateom-kit-");
  return {
    paths: contractPaths(basePath),
    [Symbol.asyncDispose]: () => rm(basePath, { recursive: true, force: true }),
  };
}

export interface BackEndProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Objects that came on stdout so far. */
  readonly output: readonly Record<string, unknown>[];
  /** Resolves with the first output, past or coming, that the test wants. */
  outputWhere(test: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  connect(uid: string): {
    ateom: Client<typeof ateom.Ateom>;
    extensions: Client<typeof extensions.AteomExtensions>;
  };
  /** Resolves when the process is gone. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/** Starts the fake back end as a program of its own; resolves when its workers are open. */
export async function startFakeProcess(
  paths: ContractPaths,
  uids: readonly string[],
  options: { network: "namespaces" | "loopback"; stdin?: "pipe"; enter?: readonly string[] } = {
    network: "loopback",
  },
): Promise<BackEndProcess> {
  const argv = [
    ...(options.enter ?? []),
    process.execPath,
    fakeMain,
    ...uids.map((uid) => `--pod-uid=${uid}`),
  ];
  const [command = "", ...args] = argv;
  const child = spawn(command, args, {
    env: {
      PATH: process.env.PATH,
      ATE_BASE_PATH: paths.basePath,
      ATE_NETWORK: options.network,
      ...(options.stdin && { ATE_PARENT_GUARD: "stdin" }),
    },
    stdio: [options.stdin ?? "ignore", "pipe", "pipe"],
    // A group of its own: `unshare` passes no signal on.
    detached: true,
  });
  const exited = once(child, "exit");
  const log: string[] = [];
  const output: Record<string, unknown>[] = [];
  const arrivals = new EventEmitter();
  const opened = Promise.withResolvers<void>();
  let open = 0;
  createInterface(child.stderr ?? process.stdin).on("line", (line) => {
    log.push(line);
    if (line.includes('"worker-open"') && ++open === uids.length) opened.resolve();
  });
  createInterface(child.stdout ?? process.stdin).on("line", (line) => {
    output.push(JSON.parse(line));
    arrivals.emit("line");
  });
  exited.then(() => opened.reject(new Error(`the back end ended at its start:\n${log.join("\n")}`)));
  await opened.promise;

  const transports: ReturnType<typeof rpcTransport>[] = [];
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    for (const transport of transports.splice(0)) transport.close();
    if (isRunning() && child.pid) process.kill(-child.pid, signal);
    await exited;
    return child.exitCode;
  };
  return {
    child,
    output,
    async outputWhere(test) {
      for (;;) {
        const found = output.find(test);
        if (found) return found;
        await once(arrivals, "line", { signal: AbortSignal.timeout(10_000) });
      }
    },
    connect(uid) {
      const transport = rpcTransport(`unix:${paths.ateom(uid).socket}`, { protocol: "grpc" });
      transports.push(transport);
      return {
        ateom: createClient(ateom.Ateom, transport),
        extensions: createClient(extensions.AteomExtensions, transport),
      };
    },
    end,
    [Symbol.asyncDispose]: async () => {
      await end("SIGTERM");
    },
  };
}

/** What a node supervisor prepares for an actor, as far as the fake back end needs it. */
export async function prepareActor(paths: ContractPaths, key: ActorKey): Promise<void> {
  const actor = paths.actor(key);
  await mkdir(actor.identity, { recursive: true });
  await writeFile(`${actor.identity}/actor-id`, key.actorId);
  await mkdir(actor.checkpoint, { recursive: true });
}

/** Hands a checkpoint's files over to the next restore, as a node supervisor does. */
export async function moveCheckpoint(paths: ContractPaths, key: ActorKey): Promise<void> {
  const actor = paths.actor(key);
  await rm(actor.restore, { recursive: true, force: true });
  await rename(actor.checkpoint, actor.restore);
  await mkdir(actor.checkpoint);
}

export function actorKey(actorId: string): ActorKey {
  return { namespace: "default", template: "counter.space", actorId };
}

/** The fields that all three requests share. */
export function requestFor(
  key: ActorKey,
  containers: { name: string; port?: number; path?: string; durableDirs?: string[] }[] = [
    { name: "app", port: 80 },
  ],
) {
  return {
    actorTemplateNamespace: key.namespace,
    actorTemplateName: key.template,
    actorId: key.actorId,
    spec: {
      containers: containers.map(({ name, port, path = "", durableDirs = [] }) => ({
        name,
        ...(port !== undefined && { readyz: { httpGet: { path, port } } }),
        durableDirVolumes: durableDirs,
      })),
    },
  };
}

export function newUid(): string {
  return randomUUID();
}

export const enterWorker = (uid: string) => ["nsenter", `--net=${workerNetnsPath(uid)}`];

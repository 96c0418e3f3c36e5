// What the kit does with authors that fail.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type ContractPaths, InvalidInput, PhaseClock } from "@agent-substrate/contract";
import { toConnectError } from "@agent-substrate/rpc-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import type { SandboxWorker, Workload } from "../back-end.ts";
import type { WorkerNetwork } from "../network/worker-network.ts";
import { actorKey, makeDataFolder } from "../test-support/back-end-process.ts";
import { createWorkerEvents } from "./worker-events.ts";
import { WorkerLifecycle } from "./worker-lifecycle.ts";

/** Writes down what the kit asked for, in order. */
function recordingWorker(author: Partial<SandboxWorker>, network: Partial<WorkerNetwork> = {}) {
  const calls: string[] = [];
  const note =
    <A extends unknown[], T>(name: string, call: (...args: A) => Promise<T>) =>
    (...args: A) => {
      calls.push(name);
      return call(...args);
    };
  const nothing = async () => undefined;
  const sandbox: SandboxWorker = {
    run: note("run", author.run ?? nothing),
    checkpoint: note("checkpoint", author.checkpoint ?? (async () => [])),
    restore: note("restore", author.restore ?? nothing),
    terminate: note("terminate", author.terminate ?? nothing),
    ...(author.isRunning && { isRunning: author.isRunning }),
    close: note("close", author.close ?? nothing),
  };
  const silent = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const lifecycle = new WorkerLifecycle({
    uid: "w1",
    sandbox,
    network: {
      netnsPath: "/nowhere",
      actorHost: "127.0.0.1",
      renew: nothing,
      remove: nothing,
      closeGate: note("closeGate", network.closeGate ?? nothing),
      forgetConnections: note("forgetConnections", network.forgetConnections ?? nothing),
      openGate: note("openGate", network.openGate ?? nothing),
    },
    events: createWorkerEvents(),
    log: silent,
    lastLines: async () => [],
  });
  return { lifecycle, calls };
}

function workloadIn(paths: ContractPaths): Workload {
  const key = actorKey("a1");
  return {
    key,
    containers: [{ name: "app", durableDirMountPaths: [] }],
    assets: {},
    paths: paths.actor(key),
    phases: new PhaseClock(),
  };
}

const internal = (pattern: RegExp) => (error: unknown) =>
  error instanceof ConnectError && error.code === Code.Internal && pattern.test(error.rawMessage);

test("nothing reaches an actor from before its checkpoint until the worker is blank", async () => {
  await using folder = await makeDataFolder();
  const workload = workloadIn(folder.paths);
  await mkdir(workload.paths.checkpoint, { recursive: true });
  await writeFile(join(workload.paths.checkpoint, "pages"), "");
  const { lifecycle, calls } = recordingWorker({ checkpoint: async () => ["pages"] });
  await lifecycle.start({ kind: "run" }, workload);
  assert.deepEqual(await lifecycle.checkpoint("full", workload), ["pages"]);
  await lifecycle.start({ kind: "restore", scope: "full" }, workload);
  assert.deepEqual(calls, ["run", "closeGate", "forgetConnections", "checkpoint", "openGate", "restore"]);
});

test("a start that fails leaves the worker blank and available", async () => {
  await using folder = await makeDataFolder();
  const workload = workloadIn(folder.paths);
  const { lifecycle, calls } = recordingWorker({ restore: () => Promise.reject(new Error("no such image")) });
  await assert.rejects(lifecycle.start({ kind: "restore", scope: "full" }, workload), /no such image/);
  assert.equal(lifecycle.state.kind, "available");
  assert.deepEqual(calls, ["restore", "closeGate", "terminate", "forgetConnections", "openGate"]);
});

test("an author's failure is told in its own words, bounded, with worker, actor and cause", async () => {
  await using folder = await makeDataFolder();
  const workload = workloadIn(folder.paths);
  const start = { kind: "run" } as const;
  const failing = async (failure: unknown): Promise<ConnectError> => {
    const { lifecycle } = recordingWorker({ run: () => Promise.reject(failure) });
    return lifecycle.start(start, workload).then(
      () => assert.fail(),
      (error) => error,
    );
  };
  const plain = new Error("runtime says no");
  const told = await failing(plain);
  assert.equal(told.code, Code.Internal);
  assert.equal(told.rawMessage, "worker w1, actor default:counter.space:a1: runtime says no");
  assert.equal(told.cause, plain);
  assert.equal(toConnectError(told), told);

  const misfit = await failing(new ConnectError("another version", Code.FailedPrecondition));
  assert.equal(misfit.code, Code.FailedPrecondition);
  assert.match(misfit.rawMessage, /^worker w1, .*: another version$/);
  assert.equal((await failing(new InvalidInput("config.json", "is no JSON"))).code, Code.InvalidArgument);
  assert.ok((await failing(new Error("x".repeat(5000)))).rawMessage.length < 2100);
  assert.match((await failing("a string")).rawMessage, /: a string$/);

  const { lifecycle } = recordingWorker({ checkpoint: () => Promise.reject(new Error("disk full")) });
  await lifecycle.start(start, workload);
  await assert.rejects(lifecycle.checkpoint("full", workload), internal(/^worker w1, .*: disk full$/));
});

test("a checkpoint without files, with a strange name or with a missing file is a failure", async () => {
  await using folder = await makeDataFolder();
  const workload = workloadIn(folder.paths);
  await mkdir(workload.paths.checkpoint, { recursive: true });
  const reports: [readonly string[], RegExp][] = [
    [[], /no files/],
    [["../passwd"], /no plain file name/],
    [["missing"], /"missing", which is not there/],
    [["twice", "twice"], /twice/],
  ];
  for (const [names, problem] of reports) {
    const { lifecycle } = recordingWorker({ checkpoint: async () => names });
    await lifecycle.start({ kind: "run" }, workload);
    await assert.rejects(lifecycle.checkpoint("full", workload), internal(problem));
    assert.equal(lifecycle.state.kind, "available");
  }
});

test("a workload that survives a failed checkpoint goes on, reachable", async () => {
  await using folder = await makeDataFolder();
  const workload = workloadIn(folder.paths);
  const { lifecycle, calls } = recordingWorker({
    checkpoint: () => Promise.reject(new Error("disk full")),
    isRunning: async () => true,
  });
  await lifecycle.start({ kind: "run" }, workload);
  await assert.rejects(lifecycle.checkpoint("full", workload), /disk full/);
  assert.equal(lifecycle.state.kind, "executing");
  assert.equal(calls.at(-1), "openGate");
});

test("a checkpoint is not begun when the network cannot be closed", async () => {
  await using folder = await makeDataFolder();
  const workload = workloadIn(folder.paths);
  let fails = true;
  const { lifecycle, calls } = recordingWorker(
    { isRunning: async () => true },
    { closeGate: () => (fails ? Promise.reject(new Error("no nft")) : Promise.resolve()) },
  );
  await lifecycle.start({ kind: "run" }, workload);
  await assert.rejects(lifecycle.checkpoint("full", workload), /no nft/);
  assert.ok(!calls.includes("checkpoint"));
  fails = false;
});

test("a worker that cannot be made blank takes no work until it is terminated", async () => {
  await using folder = await makeDataFolder();
  const workload = workloadIn(folder.paths);
  let isStuck = true;
  const { lifecycle } = recordingWorker({
    run: () => Promise.reject(new Error("broke")),
    terminate: () => (isStuck ? Promise.reject(new Error("stuck")) : Promise.resolve()),
  });
  await assert.rejects(lifecycle.start({ kind: "run" }, workload), /broke/);
  assert.equal(lifecycle.state.kind, "unusable");
  await assert.rejects(lifecycle.start({ kind: "run" }, workload), /could not be made blank/);
  await assert.rejects(lifecycle.terminate(), /could not be made blank/);
  isStuck = false;
  await lifecycle.terminate();
  assert.equal(lifecycle.state.kind, "available");
});

test("an exit during the author's start fails it; one after it does not end the execution", async () => {
  await using folder = await makeDataFolder();
  const workload = workloadIn(folder.paths);
  const started = Promise.withResolvers<void>();
  const { lifecycle } = recordingWorker({ run: () => started.promise });
  const start = lifecycle.start({ kind: "run" }, workload);
  const failed = assert.rejects(start, /container "app" of a1 was ended by signal 9 before it was ready/);
  await new Promise(setImmediate);
  lifecycle.reportExit({ container: "app", signal: 9 });
  started.resolve();
  await failed;

  await lifecycle.start({ kind: "run" }, workload);
  lifecycle.reportExit({ container: "app", code: 0 });
  assert.equal(lifecycle.state.kind, "executing");
  await lifecycle.close();
  await lifecycle.close();
  await assert.rejects(lifecycle.start({ kind: "run" }, workload), { code: Code.Unavailable });
});

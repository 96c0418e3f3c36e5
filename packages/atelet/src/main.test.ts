import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { nodes } from "@agent-substrate/contract";
import { type Child, startChild } from "@agent-substrate/process-kit";
import type { NodePaths } from "./node-paths.ts";
import { startControlPlane } from "./testing/control-plane.ts";
import { createNodeDirectory } from "./testing/node-directory.ts";
import { fakePool } from "./testing/test-node.ts";

const main = fileURLToPath(import.meta.resolve("./main.ts"));

function startMain(paths: NodePaths, control: string): Promise<Child> {
  const flags = {
    "base-path": paths.basePath,
    control,
    listen: join(paths.basePath, "atelet.sock"),
    "node-name": "test",
  };
  return startChild({
    name: "atelet",
    command: [
      process.execPath,
      main,
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      "--parent-pid-guard=true",
    ],
    env: { PATH: process.env.PATH ?? "" },
    termTimeoutMs: 40_000,
    onStderr: (line) => process.env.TEST_LOG && console.error(line),
  });
}

/** Everything on this machine that names one of these workers, and mounts in the data folder. */
async function findTraces(paths: NodePaths, uids: readonly string[]): Promise<string[]> {
  const isOfWorker = (text: string) => uids.some((uid) => text.includes(uid));
  const traces = (await readdir("/run/netns")).filter(isOfWorker);
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (isOfWorker(command)) traces.push(command);
  }
  const mounts = await readFile("/proc/self/mounts", "utf8");
  return [...traces, ...mounts.split("\n").filter((line) => line.includes(paths.basePath))];
}

async function startsWithWorkers(paths: NodePaths) {
  const controlPlane = await startControlPlane(paths.basePath);
  controlPlane.want([fakePool(2), fakePool(2, { name: "shared", workersPerProcess: 2 })]);
  const child = await startMain(paths, controlPlane.address);
  const workers = await controlPlane.until(({ inventory }) => {
    const free = inventory?.workers.filter(({ state }) => state === nodes.NodeWorker_State.AVAILABLE) ?? [];
    return free.length === 4 && free;
  });
  return { controlPlane, child, uids: workers.map(({ uid }) => uid) };
}

test("a node supervisor that was killed is followed by one that removes what it left", async (t) => {
  await using paths = await createNodeDirectory();
  const { controlPlane, child, uids } = await startsWithWorkers(paths);
  await using _ = controlPlane;
  // Only its own process: its children are left to find out by themselves.
  process.kill(child.pid, "SIGKILL");
  await child.exited;
  const next = await startMain(paths, controlPlane.address);
  t.after(() => next.stop());
  assert.deepEqual(await findTraces(paths, uids), []);
  await controlPlane.until(({ inventory, hellos }) => {
    const free = inventory?.workers.filter(({ state }) => state === nodes.NodeWorker_State.AVAILABLE) ?? [];
    return hellos.length === 2 && free.length === 4 && free.every(({ uid }) => !uids.includes(uid));
  });
  assert.notEqual(controlPlane.hellos[0]?.bootId, controlPlane.hellos[1]?.bootId);
  assert.deepEqual(await next.stop(), { code: 0, signal: undefined });
  assert.deepEqual(await findTraces(paths, uids), []);
  assert.deepEqual(await readdir(paths.ateoms), []);
  assert.deepEqual(await readdir(paths.workers), []);
});

// The control plane stops at each step of each operation, and the next one drives it out (L3).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ateapi, nodes, resources } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { createClient } from "@connectrpc/connect";
import { FakeNode, type NodeCallName } from "../testing/fake-node.ts";
import { pool, TestPlane, template } from "../testing/test-plane.ts";

const { Actor_Status: Status } = ateapi;

interface Case {
  readonly operation: string;
  readonly call: NodeCallName;
  readonly begin: (plane: TestPlane) => Promise<unknown>;
  readonly ends: ateapi.Actor_Status;
}

const cases: readonly Case[] = [
  { call: "restore", operation: "resume", begin: (plane) => plane.resume("x"), ends: Status.RUNNING },
  { call: "checkpoint", operation: "suspend", begin: (plane) => plane.suspend("x"), ends: Status.SUSPENDED },
  {
    call: "uploadSnapshot",
    operation: "suspend",
    begin: (plane) => plane.suspend("x"),
    ends: Status.SUSPENDED,
  },
  { call: "checkpoint", operation: "pause", begin: (plane) => plane.pause("x"), ends: Status.PAUSED },
];

for (const when of ["before", "after"] as const) {
  for (const { call: name, operation, begin, ends } of cases) {
    test(`stopped ${when} the ${name} of a ${operation}`, async () => {
      await using tested = await TestPlane.withNode({ workers: 2 });
      const { plane, node } = tested;
      await plane.createActor("x");
      if (ends !== Status.RUNNING) await plane.resume("x");
      else await plane.untilPhase("counter", "Ready");
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      node[when] = async (call: { name: string; actor: string }) => {
        if (call.name !== name || call.actor !== "x") return;
        reached.resolve();
        await released.promise;
      };
      const lost = begin(plane).catch(() => "lost");
      await reached.promise;
      await plane.restart();
      node[when] = () => undefined;
      released.resolve();
      assert.equal(await lost, "lost");
      await node.disconnect();
      await node.connect();
      const actor = await plane.untilStatus("x", ends);
      const runs = node.workers.filter(({ state }) => state === nodes.NodeWorker_State.EXECUTING);
      assert.deepEqual(
        runs.map(({ uid }) => uid),
        actor.ateomPodUid === "" ? [] : [actor.ateomPodUid],
      );
      assert.equal((await plane.resume("x")).status, Status.RUNNING);
    });
  }
}

test("a resting actor and a running one are what they were", async () => {
  await using tested = await TestPlane.withNode({ workers: 2 });
  const { plane, node } = tested;
  for (const name of ["x", "y"]) {
    await plane.createActor(name);
    await plane.resume(name);
  }
  await plane.suspend("y");
  const before = [await plane.get("x"), await plane.get("y")];
  await plane.restart();
  await node.connect();
  assert.deepEqual([await plane.get("x"), await plane.get("y")], before);
  assert.equal((await plane.resume("x")).version, before[0]?.version);
  assert.equal((await plane.resume("y")).status, Status.RUNNING);
});

test("an actor whose node does not come back is reverted after its lease, not before", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  await node.disconnect();
  await plane.restart();
  assert.equal((await plane.get("x")).status, Status.RUNNING);
  await plane.untilStatus("x", Status.SUSPENDED);
});

test("a template whose golden actor was being made becomes Ready", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.untilPhase("counter", "Ready");
  const reached = Promise.withResolvers<void>();
  node.before = async ({ name }, signal) => {
    if (name !== "run") return;
    reached.resolve();
    await once(signal, "abort");
    signal.throwIfAborted();
  };
  await plane.apply(template("second"));
  await reached.promise;
  await plane.restart();
  node.before = () => undefined;
  await node.disconnect();
  await node.connect();
  await plane.untilPhase("second", "Ready");
});

test("a killed process leaves what the next one drives out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ateapi-"));
  const control = `unix:${join(folder, "control.sock")}`;
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const flags = [
    `--data-dir=${folder}/data`,
    "--listen=127.0.0.1:0",
    `--control-socket=${folder}/control.sock`,
  ];
  const start = async () => {
    const child = spawn(
      process.execPath,
      [main, ...flags, `--snapshots=file://${folder}/s`, "--log-level=fatal"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    await once(child.stdout, "data");
    return child;
  };
  let child = await start();
  let transport = rpcTransport(control);
  try {
    const client = createClient(ateapi.Control, transport);
    const applied = createClient(resources.Resources, transport);
    await using node = await FakeNode.start({ folder, control });
    await applied.applyResource({ object: pool() });
    await applied.applyResource({ object: template() });
    await client.createAtespace({ name: "a" });
    const actorRef = { atespace: "a", name: "x" };
    await client.createActor({ actorRef, actorTemplateNamespace: "default", actorTemplateName: "counter" });
    await client.resumeActor({ actorRef });
    const suspend = client.suspendActor({ actorRef }).catch(() => "lost");
    await new Promise<void>((resolve) => {
      node.before = ({ name }) => {
        if (name === "checkpoint") resolve();
      };
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(await suspend, "lost");
    transport.close();
    child = await start();
    transport = rpcTransport(control);
    await node.disconnect();
    await node.connect();
    const { actor } = await createClient(ateapi.Control, transport).suspendActor({ actorRef });
    assert.equal(actor?.status, Status.SUSPENDED);
    assert.equal(actor.latestSnapshotInfo?.data.case, "external");
  } finally {
    transport.close();
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
});

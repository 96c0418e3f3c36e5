import assert from "node:assert/strict";
import { test } from "node:test";
import { atelet } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { refused } from "../testing/refusals.ts";
import { TestPlane, template } from "../testing/test-plane.ts";

test("a template that keeps data only has a golden snapshot of data only", async () => {
  const snapshotsConfig = { onPause: "Data", onCommit: "Data" };
  await using tested = await TestPlane.withNode({}, {}, { snapshotsConfig });
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  const data = atelet.SnapshotScope.DATA;
  assert.deepEqual(
    node.calls.map(({ name, scope }) => [name, scope]),
    [
      ["run", 0],
      ["checkpoint", data],
      ["restore", data],
    ],
  );
});

test("a golden actor whose program ends before its snapshot says how it ended", async () => {
  await using tested = await TestPlane.withNode({ workers: 1 });
  const { plane, node } = tested;
  await plane.untilPhase("counter", "Ready");
  node.after = ({ name }) => {
    const [worker] = node.workers;
    if (name === "run" && worker) node.loseWorkload(worker, "exit code 7: no such file");
  };
  const container = { name: "main", image: `local/silent@sha256:${"0".repeat(64)}` };
  await plane.apply(template("silent", { containers: [container] }));
  for await (const { change } of plane.watch.watch({ resources: true })) {
    if (change.case !== "resource" || change.value.name !== "silent") continue;
    const text = JSON.stringify(change.value.object);
    if (/try 1 failed/.test(text)) return assert.match(text, /did not settle: exit code 7: no such file/);
  }
});

test("who waits for a golden snapshot in vain is told that, not of workers", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  const held = Promise.withResolvers<void>();
  node.before = ({ name }) => (name === "run" ? held.promise : undefined);
  await plane.createActor("x");
  const asked = plane.control.resumeActor({ actorRef: { atespace: "a", name: "x" } }, { timeoutMs: 400 });
  await refused(
    asked,
    Code.FailedPrecondition,
    /golden snapshot of template default\/counter is still being made/,
  );
  held.resolve();
});

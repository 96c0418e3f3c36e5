import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { nodes } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { runCommand } from "../run-command.ts";
import { actorOn, assets, external, headers, local, post, refusal } from "../testing/actor-requests.ts";
import { fakePool, startTestNode } from "../testing/test-node.ts";

test("what cannot be is refused with its reason, and leaves the worker free", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(1)]);
  const [worker] = await node.available(1);
  const run = { ...actorOn(worker, image), sandboxAssets: assets };
  const at = (operation: string, generation: number) => ({ headers: headers(operation, generation) });

  await assert.rejects(
    node.herder.run({ ...run, actorId: "No_Name" }, at("a", 1)),
    refusal(Code.InvalidArgument, /actor_id/),
  );
  await assert.rejects(
    node.herder.checkpoint({ ...run, ...local("x"), scope: 0 }, at("b", 1)),
    refusal(Code.InvalidArgument, /scope/),
  );
  await assert.rejects(
    node.herder.checkpoint({ ...run, ...local("x"), type: 0 }, at("c", 1)),
    refusal(Code.InvalidArgument, /type/),
  );
  await assert.rejects(
    node.herder.checkpoint({ ...run, ...local("") }, at("d", 1)),
    refusal(Code.InvalidArgument, /snapshot_prefix/),
  );
  await assert.rejects(
    node.herder.checkpoint({ ...run, ...external("file:///a?b") }, at("e", 1)),
    refusal(Code.InvalidArgument, /snapshot_uri_prefix/),
  );
  const elsewhere = { sandboxClass: "fake", assets: { s390x: { files: {} } } };
  await assert.rejects(
    node.herder.run({ ...run, sandboxAssets: elsewhere }, at("f", 1)),
    refusal(Code.InvalidArgument, /nothing for (amd64|arm64)/),
  );
  const registry = actorOn(worker, `docker.io/app@${image.split("@")[1]}`);
  await assert.rejects(
    node.herder.run({ ...registry, sandboxAssets: assets }, at("g", 1)),
    refusal(Code.FailedPrecondition, /registry/),
  );
  await assert.rejects(
    node.herder.checkpoint({ ...run, ...local("x") }, at("h", 1)),
    refusal(Code.FailedPrecondition, /executing nothing/),
  );
  await assert.rejects(
    node.herder.restore({ ...run, ...local("none") }, at("i", 1)),
    refusal(Code.NotFound, /no snapshot none/),
  );

  await node.herder.run(run, at("j", 3));
  await assert.rejects(
    node.herder.run(actorRun("two"), at("k", 1)),
    refusal(Code.FailedPrecondition, /is executing default:counter.space:one/),
  );
  await assert.rejects(
    node.herder.checkpoint({ ...run, ...local("x") }, at("l", 2)),
    refusal(Code.FailedPrecondition, /generation 2/),
  );
  assert.equal(await post(worker), '{"memory":1,"file":1}');

  function actorRun(actorId: string) {
    return { ...actorOn(worker, image, actorId), sandboxAssets: assets };
  }
});

test("an actor that exits is reported, and one that cannot start says what it wrote", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(1)]);
  const [worker] = await node.available(1);
  const run = { ...actorOn(worker, image), sandboxAssets: assets };
  await node.herder.run(run, { headers: headers("op-1", 7) });
  await post(worker, "/exit?code=3");
  const lost = await node.controlPlane.until(({ losses }) => losses[0]);
  assert.deepEqual(
    [lost.workerUid, lost.generation, lost.atespace, lost.actorId],
    [worker?.uid, 7n, "space", "one"],
  );
  assert.match(lost.reason, /"app" exited with code 3/);
  await node.available(1);

  const [container] = run.spec.containers;
  const broken = { ...run, spec: { containers: [{ ...container, name: "exits", image }] } };
  await assert.rejects(
    node.herder.run(broken, { headers: headers("op-2", 8) }),
    refusal(Code.FailedPrecondition, /cannot go on/),
  );
  await node.herder.run(run, { headers: headers("op-3", 9) });
});

test("a workload is ended for its own generation only", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(1)]);
  const [worker] = await node.available(1);
  await node.herder.run(
    { ...actorOn(worker, image), sandboxAssets: assets },
    { headers: headers("op-1", 5) },
  );
  const end = (generation: bigint) => node.node.endWorkload({ workerUid: worker?.uid ?? "", generation });
  await assert.rejects(end(4n), refusal(Code.FailedPrecondition, /generation 5/));
  await end(5n);
  await end(5n);
  await node.available(1);
  await assert.rejects(post(worker));
});

test("a start whose snapshot is slow to come is given up when its worker is taken away", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(1)]);
  const [worker] = await node.available(1);
  const stored = join(node.paths.basePath, "stored");
  const manifest = join(stored, "manifest.json");
  await mkdir(stored);
  // Whoever reads it waits for a writer.
  await runCommand(["mkfifo", manifest]);
  const given = assert.rejects(
    node.herder.restore(
      { ...actorOn(worker, image), ...external(`file://${stored}`) },
      { headers: headers("op-1", 1) },
    ),
    refusal(Code.Aborted, /was taken from default:counter.space:one/),
  );
  await node.controlPlane.until(({ inventory }) =>
    inventory?.workers.some(({ state }) => state === nodes.NodeWorker_State.EXECUTING),
  );
  await node.node.endWorkload({ workerUid: worker?.uid ?? "", generation: 1n });
  await given;
  const run = { ...actorOn(worker, image), sandboxAssets: assets };
  await node.herder.run(run, { headers: headers("op-2", 2) });
  await writeFile(manifest, "no manifest");
  assert.equal(await post(worker), '{"memory":1,"file":1}');
});

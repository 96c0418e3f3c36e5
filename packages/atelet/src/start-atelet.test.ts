import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { nodes } from "@agent-substrate/contract";
import { readPhases } from "@agent-substrate/rpc-kit";
import { actorOn, assets, external, headers, local, post } from "./testing/actor-requests.ts";
import { fakePool, startTestNode, type TestNode } from "./testing/test-node.ts";

async function readLines(node: TestNode, actorId: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of node.node.readLogs({ actorRef: { atespace: "space", name: actorId } }))
    lines.push(line.text);
  return lines;
}

test("an actor is booted, stored, continued on another worker, and its output is kept", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(2)]);
  const [first, second] = await node.available(2);
  let trailers = new Headers();
  await node.herder.run(
    { ...actorOn(first, image), sandboxAssets: assets },
    { headers: headers("op-1", 1), onTrailer: (got) => (trailers = got) },
  );
  const phases = readPhases(trailers).map(({ name }) => name);
  for (const name of ["images", "directory", "files", "run", "ready", "other"])
    assert.ok(phases.includes(name), `${name} of ${phases}`);
  assert.equal(await post(first), '{"memory":1,"file":1}');
  assert.equal(await post(first, "/whoami"), "one");
  await post(first, "/log", "hello");

  const actor = node.paths.contract.actor({
    namespace: "default",
    template: "counter.space",
    actorId: "one",
  });
  const bundle = JSON.parse(await readFile(join(actor.bundle("app"), "config.json"), "utf8"));
  assert.deepEqual(bundle.process.args, ["/bin/app"]);
  assert.ok(["FROM=image", "A=b"].every((entry) => bundle.process.env.includes(entry)));
  assert.deepEqual(bundle.linux.namespaces.at(-1), {
    type: "network",
    path: `/run/netns/ateom:${first?.uid}`,
  });

  await node.herder.checkpoint(
    { ...actorOn(first, image), ...local("snap-a") },
    { headers: headers("op-2", 1) },
  );
  assert.deepEqual(await readdir(node.paths.actors), []);
  // A lost reply: asked again, nothing is done twice, and a worker that is free by now does not matter.
  await node.herder.checkpoint(
    { ...actorOn(first, image), ...local("snap-a") },
    { headers: headers("op-2", 1) },
  );

  await node.herder.restore(
    { ...actorOn(second, image), ...local("snap-a") },
    { headers: headers("op-3", 2) },
  );
  assert.equal(await post(second), '{"memory":2,"file":2}');
  const running = await node.controlPlane.until(({ inventory }) =>
    inventory?.workers.find(({ state }) => state === nodes.NodeWorker_State.EXECUTING),
  );
  assert.deepEqual(
    [running.uid, running.generation, running.actorAtespace, running.actorId],
    [second?.uid, 2n, "space", "one"],
  );
  assert.deepEqual(await readLines(node, "one"), ["hello"]);
});

test("a snapshot stored outside is continued without the local one", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  const uri = `file://${node.paths.basePath}/outside/store/space/one/snap-a`;
  node.controlPlane.want([fakePool(1)]);
  const [worker] = await node.available(1);
  await node.herder.run(
    { ...actorOn(worker, image), sandboxAssets: assets },
    { headers: headers("op-1", 1) },
  );
  await post(worker);
  await node.herder.checkpoint(
    { ...actorOn(worker, image), ...external(uri) },
    { headers: headers("op-2", 1) },
  );
  assert.deepEqual((await readdir(uri.slice(7))).sort(), [
    "count-app.zstd",
    "fake.json.zstd",
    "manifest.json",
  ]);
  await node.node.deleteSnapshot({ snapshotPrefix: "snap-a" });
  await node.herder.restore({ ...actorOn(worker, image), ...external(uri) }, { headers: headers("op-3", 2) });
  assert.equal(await post(worker), '{"memory":2,"file":2}');
  await node.node.deleteSnapshot({ snapshotPrefix: "snap-a", snapshotUriPrefix: uri });
  await assert.rejects(readdir(uri.slice(7)), { code: "ENOENT" });
});

test("snapshots and images outlive the node supervisor, and a checkpoint's reply may be asked of the next", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(1)]);
  const [before] = await node.available(1);
  await node.herder.run(
    { ...actorOn(before, image), sandboxAssets: assets },
    { headers: headers("op-1", 1) },
  );
  await post(before);
  await node.herder.checkpoint(
    { ...actorOn(before, image), ...local("snap-a") },
    { headers: headers("op-2", 1) },
  );
  await node.restart();
  const worker = await node.controlPlane.until(({ inventory }) =>
    inventory?.workers.find(
      ({ state, uid }) => state === nodes.NodeWorker_State.AVAILABLE && uid !== before?.uid,
    ),
  );
  await node.herder.checkpoint(
    { ...actorOn(worker, image), ...local("snap-a") },
    { headers: headers("op-2", 1) },
  );
  await node.herder.restore(
    { ...actorOn(worker, image), ...local("snap-a") },
    { headers: headers("op-3", 2) },
  );
  assert.equal(await post(worker), '{"memory":2,"file":2}');
});

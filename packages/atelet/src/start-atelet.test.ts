import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { atelet, nodes } from "@agent-substrate/contract";
import { readPhases } from "@agent-substrate/rpc-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import { fakePool, startTestNode, type TestNode } from "./testing/test-node.ts";

const { LOCAL, EXTERNAL } = atelet.CheckpointType;
const { FULL } = atelet.SnapshotScope;

function headers(operation: string, generation: number, atespace = "space"): Record<string, string> {
  return {
    "ate-operation-id": operation,
    "ate-generation": String(generation),
    "ate-atespace": atespace,
    "ate-template": "counter",
  };
}

function actorOn(worker: nodes.NodeWorker | undefined, image: string, actorId = "one") {
  return {
    targetAteomUid: worker?.uid ?? "",
    actorTemplateNamespace: "default",
    actorTemplateName: "counter",
    actorId,
    spec: {
      containers: [
        {
          name: "app",
          image,
          env: [{ name: "A", value: "b" }],
          readyz: { httpGet: { path: "/readyz", port: 80 } },
        },
      ],
    },
  };
}

const assets = { sandboxClass: "fake", assets: {} };

function local(prefix: string) {
  return {
    type: LOCAL,
    scope: FULL,
    config: { case: "localConfig" as const, value: { snapshotPrefix: prefix } },
  };
}

function external(uriPrefix: string) {
  return {
    type: EXTERNAL,
    scope: FULL,
    config: { case: "externalConfig" as const, value: { snapshotUriPrefix: uriPrefix } },
  };
}

/** On a connection of its own: those of an actor that left its worker are reset. */
async function post(worker: nodes.NodeWorker | undefined, path = "/", body = ""): Promise<string> {
  const asked = request({ host: worker?.address, path, method: "POST", agent: false }).end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return text(response);
}

function refusal(code: Code, pattern: RegExp) {
  return (error: unknown) => {
    const { code: found, rawMessage } = ConnectError.from(error);
    assert.deepEqual(
      { code: Code[found], fits: pattern.test(rawMessage), rawMessage },
      { code: Code[code], fits: true, rawMessage },
    );
    return true;
  };
}

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
  await node.controlPlane.until(({ inventory }) => inventory?.localSnapshots.includes("snap-a"));
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
  await node.controlPlane.until(({ inventory }) => inventory?.localSnapshots.length === 0);
  await node.herder.restore({ ...actorOn(worker, image), ...external(uri) }, { headers: headers("op-3", 2) });
  assert.equal(await post(worker), '{"memory":2,"file":2}');
  await node.node.deleteSnapshot({ snapshotPrefix: "snap-a", snapshotUriPrefix: uri });
  await assert.rejects(readdir(uri.slice(7)), { code: "ENOENT" });
});

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

test("several workers of one process live and die together, and are replaced", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(3, { workersPerProcess: 8 })]);
  const [one, two] = await node.available(3);
  await node.herder.run(
    { ...actorOn(one, image, "one"), sandboxAssets: assets },
    { headers: headers("op-1", 1) },
  );
  await node.herder.run(
    { ...actorOn(two, image, "two"), sandboxAssets: assets },
    { headers: headers("op-2", 1) },
  );
  assert.deepEqual([await post(one, "/whoami"), await post(two, "/whoami")], ["one", "two"]);

  const [name = ""] = await readdir(node.paths.workers);
  const record = JSON.parse(await readFile(join(node.paths.workers, name), "utf8"));
  process.kill(record.process.pid, "SIGKILL");
  await node.controlPlane.until(({ losses }) => losses.length === 2);
  const replaced = await node.controlPlane.until(({ inventory }) => {
    const free = inventory?.workers.filter(({ state }) => state === nodes.NodeWorker_State.AVAILABLE) ?? [];
    return free.length === 3 && !free.some(({ uid }) => uid === one?.uid) && free;
  });
  await node.herder.run(
    { ...actorOn(replaced[0], image), sandboxAssets: assets },
    { headers: headers("op-3", 2) },
  );
});

test("fewer workers are wanted: the free ones go, the busy one stays until it is free", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(2)]);
  const [worker] = await node.available(2);
  await node.herder.run(
    { ...actorOn(worker, image), sandboxAssets: assets },
    { headers: headers("op-1", 1) },
  );
  node.controlPlane.want([]);
  await node.controlPlane.until(({ inventory }) => inventory?.workers.length === 1);
  assert.equal(await post(worker), '{"memory":1,"file":1}');
  await node.herder.checkpoint(
    { ...actorOn(worker, image), ...local("snap-a") },
    { headers: headers("op-2", 1) },
  );
  await node.controlPlane.until(({ inventory }) => inventory?.workers.length === 0);
});

test("a back end that cannot be started says why", async () => {
  await using node = await startTestNode();
  node.controlPlane.want([
    fakePool(1, { name: "missing", localCommand: ["/no/such/program"] }),
    fakePool(1, { name: "relative", localCommand: ["program"] }),
    fakePool(1, { name: "other-class", sandboxClass: "other" }),
  ]);
  for (const [pool, why] of [
    ["missing", /no\/such\/program/],
    ["relative", /absolute path/],
    ["other-class", /of class fake, but the pool's is other/],
  ] as const) {
    await node.controlPlane.until(({ inventory }) =>
      inventory?.workers.some(({ poolName, message }) => poolName === pool && why.test(message)),
    );
  }
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

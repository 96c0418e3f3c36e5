import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { nodes } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { actorOn, assets, headers, local, post } from "../testing/actor-requests.ts";
import { fakePool, startTestNode } from "../testing/test-node.ts";
import { createBackEndClient } from "./back-end-client.ts";

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
    fakePool(1, {
      name: "needy",
      needs: create(nodes.WorkerNeedsSchema, { devices: [{ path: "/dev/no-such-device" }] }),
    }),
  ]);
  for (const [pool, why] of [
    ["missing", /no\/such\/program/],
    ["relative", /absolute path/],
    ["needy", /spec.template asks for: hostDevices: \/dev\/no-such-device is not on this machine/],
    ["other-class", /of class fake, but the pool's is other/],
  ] as const) {
    await node.controlPlane.until(({ inventory }) =>
      inventory?.workers.some(({ poolName, message }) => poolName === pool && why.test(message)),
    );
  }
});

test("a workload that somebody else ended on its back end's socket is a loss, at once", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(1)]);
  const [worker] = await node.available(1);
  await node.herder.run(
    { ...actorOn(worker, image), sandboxAssets: assets },
    { headers: headers("op-1", 1) },
  );
  const client = createBackEndClient(node.paths.contract.ateom(worker?.uid ?? "").socket);
  try {
    await client.extensions.terminate({});
  } finally {
    client.close();
  }
  await node.controlPlane.until(({ losses }) => losses.some(({ reason }) => /workload ended/.test(reason)));
  await node.available(1);
});

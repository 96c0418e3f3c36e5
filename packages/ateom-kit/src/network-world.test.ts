// The fake back end in the network world of the contract, in both ways in which its process may stand
// to its workers' namespaces. Needs root.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { ateom, workerNetnsPath } from "@agent-substrate/contract";
import {
  actorKey,
  makeDataFolder,
  moveCheckpoint,
  prepareActor,
  requestFor,
  startFakeProcess,
} from "./test-support/back-end-process.ts";
import { makeNodeWorld } from "./test-support/node-world.ts";
import { startPeer } from "./test-support/peer.ts";

const options = { skip: process.getuid?.() !== 0 && "needs root" };
const scope = ateom.SnapshotScope.FULL;

async function leftNamespaces(uids: readonly string[]): Promise<string[]> {
  return (await readdir("/run/netns")).filter((name) => uids.some((uid) => name === `ateom:${uid}`));
}

test("one process serves two workers that it enters by their names", options, async () => {
  await using world = await makeNodeWorld();
  await using folder = await makeDataFolder();
  const [one, two] = [await world.addWorker(), await world.addWorker()];
  const enter = ["nsenter", `--net=/run/netns/${world.node}`];
  await using backEnd = await startFakeProcess(folder.paths, [one.uid, two.uid], {
    network: "namespaces",
    enter,
  });
  await using outside = startPeer(world.outside);
  const [first, second] = [actorKey("first"), actorKey("second")];
  await Promise.all([prepareActor(folder.paths, first), prepareActor(folder.paths, second)]);

  // The readiness of a port that only the node reaches.
  const containers = [
    { name: "app", port: 80 },
    { name: "side", port: 9000, path: "healthz" },
  ];
  await Promise.all([
    backEnd.connect(one.uid).ateom.runWorkload(requestFor(first, containers)),
    backEnd.connect(two.uid).ateom.runWorkload(requestFor(second)),
  ]);
  assert.equal(await outside.get(`http://${one.address}/whoami`), "first");
  assert.equal(await outside.get(`http://${two.address}/whoami`), "second");
  assert.equal(await outside.get(`http://${one.address}/mem`), "1");

  await Promise.all([
    backEnd.connect(one.uid).ateom.checkpointWorkload({ ...requestFor(first, containers), scope }),
    backEnd.connect(two.uid).ateom.checkpointWorkload({ ...requestFor(second), scope }),
  ]);
  await moveCheckpoint(folder.paths, first);
  await backEnd.connect(two.uid).ateom.restoreWorkload({ ...requestFor(first, containers), scope });
  assert.equal(await outside.get(`http://${two.address}/mem`), "2");
  assert.equal(await outside.connect(1, one.address, 80), "ECONNREFUSED");

  assert.equal(await backEnd.end("SIGTERM"), 0);
  assert.deepEqual(await leftNamespaces([one.uid, two.uid]), []);
});

test("a process that lives in its worker's namespace ends its actor with itself", options, async () => {
  await using world = await makeNodeWorld();
  await using folder = await makeDataFolder();
  const { uid, address } = await world.addWorker();
  const key = actorKey("a1");
  await prepareActor(folder.paths, key);
  const enter = [
    "nsenter",
    `--net=${workerNetnsPath(uid)}`,
    "unshare",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  await using outside = startPeer(world.outside);
  for (const times of ["1", "1"]) {
    await using backEnd = await startFakeProcess(folder.paths, [uid], { network: "namespaces", enter });
    await backEnd.connect(uid).ateom.runWorkload(requestFor(key));
    assert.equal(await outside.get(`http://${address}/mem`), times);
    // The next one finds what this one could not remove.
    await backEnd.end("SIGKILL");
  }
  await using last = await startFakeProcess(folder.paths, [uid], { network: "namespaces", enter });
  await last.connect(uid).ateom.runWorkload(requestFor(key));
});

// The fake back end as a program of its own, over its sockets.
import assert from "node:assert/strict";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ateom, contractPaths, extensions } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import {
  actorKey,
  makeDataFolder,
  moveCheckpoint,
  newUid,
  prepareActor,
  requestFor,
  startFakeProcess,
} from "./test-support/back-end-process.ts";
import { fails, post, startOneFake } from "./test-support/one-fake.ts";

const scope = ateom.SnapshotScope.FULL;
const operation = (id: string, generation = 1) => ({
  headers: { "ate-operation-id": id, "ate-generation": String(generation) },
});
test("a caller that hangs up strands nothing, and its id can be asked again", async () => {
  await using worker = await startOneFake();
  const request = requestFor(worker.key, [{ name: "slow", port: 80 }]);
  const events = worker.extensions.watch({})[Symbol.asyncIterator]();
  const started = events.next();
  await worker.extensions.getStatus({});
  const hangUp = new AbortController();
  const first = worker.ateom.runWorkload(request, { ...operation("op1"), signal: hangUp.signal });
  assert.equal((await started).value?.event.case, "started");
  hangUp.abort();
  await assert.rejects(first, fails(Code.Canceled, /./));
  await worker.ateom.runWorkload(request, operation("op1"));
  const status = await worker.extensions.getStatus({});
  assert.equal(status.actor?.operationId, "op1");
  assert.equal(status.actor?.generation, 1n);
  assert.equal(await post(worker.uid), '{"memory":1,"file":1}');
  assert.equal((await events.next()).value?.event.case, "ready");
});

test("a process that was killed answers with the snapshot that it had taken", async () => {
  await using worker = await startOneFake();
  await worker.ateom.runWorkload(requestFor(worker.key), operation("op1"));
  const request = { ...requestFor(worker.key), scope };
  const taken = await worker.ateom.checkpointWorkload(request, operation("op2"));
  const before = await worker.extensions.describe({});
  await worker.backEnd.end("SIGKILL");

  await using again = await startFakeProcess(worker.paths, [worker.uid]);
  const { ateom: client, extensions: added } = again.connect(worker.uid);
  assert.deepEqual(await client.checkpointWorkload(request, operation("op2")), taken);
  assert.notEqual((await added.describe({})).bootId, before.bootId);
  await moveCheckpoint(worker.paths, worker.key);
  await assert.rejects(
    client.restoreWorkload(request, operation("op3", 0)),
    fails(Code.InvalidArgument, /generation/),
  );
  await client.restoreWorkload(request, operation("op3", 2));
  await assert.rejects(
    client.checkpointWorkload(request, operation("op4", 1)),
    fails(Code.FailedPrecondition, /generation 1/),
  );
});

test("a container that exits before it is ready fails the start with its last output", async () => {
  await using worker = await startOneFake();
  await assert.rejects(
    worker.ateom.runWorkload(requestFor(worker.key, [{ name: "exits", port: 80 }])),
    fails(
      Code.FailedPrecondition,
      /"exits" of a1 exited with code 3 before it was ready; its last output: cannot go on/,
    ),
  );
  await worker.ateom.runWorkload(requestFor(worker.key));
});

test("an exit is told to who watches, and the worker can be terminated", async () => {
  await using worker = await startOneFake();
  const events = worker.extensions.watch({})[Symbol.asyncIterator]();
  const first = events.next();
  await worker.extensions.getStatus({});
  await worker.ateom.runWorkload(requestFor(worker.key));
  await first;
  await events.next();
  await post(worker.uid, "/exit?code=4");
  const { value } = await events.next();
  assert.equal(value?.event.case, "exited");
  assert.equal(value?.event.case === "exited" && value.event.value.exitCode, 4);
  await assert.rejects(
    worker.ateom.checkpointWorkload({ ...requestFor(worker.key), scope }),
    fails(Code.Internal, /./),
  );
  assert.equal((await worker.extensions.getStatus({})).state, extensions.GetStatusResponse_State.AVAILABLE);
});

test("Terminate ends a start that does not become ready", async () => {
  await using worker = await startOneFake();
  const events = worker.extensions.watch({})[Symbol.asyncIterator]();
  const started = events.next();
  await worker.extensions.getStatus({});
  const start = worker.ateom.runWorkload(
    requestFor(worker.key, [{ name: "never-ready", port: 80 }]),
    operation("op1", 3),
  );
  const failed = assert.rejects(start, fails(Code.Aborted, /terminated/));
  await started;
  await assert.rejects(
    worker.extensions.terminate({}, operation("op2", 2)),
    fails(Code.FailedPrecondition, /generation 2/),
  );
  await worker.extensions.terminate({}, operation("op3", 3));
  await failed;
  assert.equal((await worker.extensions.getStatus({})).lastOperation?.kind, "terminate");
});

test("bad requests are refused before anything happens", async () => {
  await using worker = await startOneFake();
  const { key } = worker;
  const refused = (request: Parameters<typeof worker.ateom.runWorkload>[0], field: RegExp) =>
    assert.rejects(worker.ateom.runWorkload(request), fails(Code.InvalidArgument, field));
  await refused({ ...requestFor(key), actorId: "../etc" }, /actor_id/);
  await refused(requestFor(key, []), /spec\.containers/);
  await refused(requestFor(key, [{ name: "app" }, { name: "app" }]), /there twice/);
  await refused(requestFor(key, [{ name: "pause" }]), /reserved/);
  await refused(requestFor(key, [{ name: "app", port: 0 }]), /port/);
  await refused(requestFor(key, [{ name: "app", port: 65536 }]), /port/);
  await refused({ ...requestFor(key), runtimeAssetPaths: { runsc: "relative" } }, /runtime_asset_paths/);
  await assert.rejects(
    worker.ateom.checkpointWorkload(requestFor(key)),
    fails(Code.InvalidArgument, /scope/),
  );
  await assert.rejects(worker.ateom.restoreWorkload(requestFor(key)), fails(Code.InvalidArgument, /scope/));
});

test("a base path that is too long for the socket is refused before anything is made", async () => {
  await using folder = await makeDataFolder();
  const { basePath } = folder.paths;
  const paths = contractPaths(join(basePath, "x".repeat(52 - basePath.length)));
  const uid = newUid();
  assert.equal(paths.ateom(uid).socket.length, 108);
  await assert.rejects(
    startFakeProcess(paths, [uid]),
    /ATE_BASE_PATH.* is 1 bytes too long: the worker's socket .* more than the 107 bytes/,
  );
  await assert.rejects(stat(paths.basePath), { code: "ENOENT" });
});

test("a signal ends the workload and leaves no socket; the end of stdin does the same", async () => {
  await using folder = await makeDataFolder();
  const key = actorKey("a1");
  await prepareActor(folder.paths, key);
  for (const way of ["signal", "stdin"]) {
    const uid = newUid();
    await using backEnd = await startFakeProcess(folder.paths, [uid], { network: "loopback", stdin: "pipe" });
    await backEnd.connect(uid).ateom.runWorkload(requestFor(key));
    const exited = once(backEnd.child, "exit");
    if (way === "signal") await backEnd.end("SIGTERM");
    else backEnd.child.stdin?.end();
    await exited;
    assert.equal(backEnd.child.exitCode, 0, way);
    await assert.rejects(stat(folder.paths.ateom(uid).socket), { code: "ENOENT" });
    await assert.rejects(post(uid));
  }
});

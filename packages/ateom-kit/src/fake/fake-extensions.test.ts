// What a back end may offer beside the base contract, on the fake over its socket.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ateom, extensions } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { moveCheckpoint, requestFor, startFakeProcess } from "../test-support/back-end-process.ts";
import { type ExecInput, openExec } from "../test-support/exec-client.ts";
import { fails, post, startOneFake } from "../test-support/one-fake.ts";

const full = ateom.SnapshotScope.FULL;
const headers = (id: string, generation = 1) => ({
  headers: { "ate-operation-id": id, "ate-generation": String(generation) },
});
/** Tells its pid and then only waits. */
const waits = ["node", "-e", "console.log(process.pid); setInterval(() => {}, 1e6)"];

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("all of them are declared", async () => {
  await using worker = await startOneFake();
  const { capabilities } = await worker.extensions.describe({});
  assert.deepEqual(
    { ...capabilities, $typeName: "" },
    {
      $typeName: "",
      scopes: [ateom.SnapshotScope.FULL, ateom.SnapshotScope.DATA],
      checkpointAndContinue: true,
      exec: true,
      freeze: true,
      stats: true,
      severalContainers: true,
      terminate: true,
      watch: true,
    },
  );
});

test("a snapshot leaves the workload running and can be restored elsewhere", async () => {
  await using worker = await startOneFake();
  const request = { ...requestFor(worker.key), scope: full };
  await worker.ateom.runWorkload(requestFor(worker.key), headers("op1"));
  await post(worker.uid);
  const taken = await worker.extensions.snapshot(request, headers("op2"));
  assert.deepEqual(taken.snapshotFiles.toSorted(), ["count-app", "fake.json"]);
  assert.equal(await post(worker.uid), '{"memory":2,"file":2}');
  assert.deepEqual(await worker.extensions.snapshot(request, headers("op2")), taken);
  const status = await worker.extensions.getStatus({});
  assert.equal(status.state, extensions.GetStatusResponse_State.EXECUTING);
  assert.equal(status.lastOperation?.kind, "snapshot");

  await worker.extensions.terminate({});
  await moveCheckpoint(worker.paths, worker.key);
  await worker.ateom.restoreWorkload(request, headers("op3", 2));
  assert.equal(await post(worker.uid), '{"memory":2,"file":2}');
  await assert.rejects(
    worker.extensions.snapshot(request, headers("op4", 1)),
    fails(Code.FailedPrecondition, /generation 1/),
  );
});

test("a snapshot whose reply was lost is answered by the next process of its worker", async () => {
  await using worker = await startOneFake();
  const request = { ...requestFor(worker.key), scope: full };
  await worker.ateom.runWorkload(requestFor(worker.key), headers("op1"));
  const taken = await worker.extensions.snapshot(request, headers("op2"));
  await worker.backEnd.end("SIGKILL");
  await using again = await startFakeProcess(worker.paths, [worker.uid]);
  assert.deepEqual(await again.connect(worker.uid).extensions.snapshot(request, headers("op2")), taken);
});

test("a frozen workload answers when it is thawed, and is neither run beside nor snapshotted", async () => {
  await using worker = await startOneFake();
  const request = { ...requestFor(worker.key), scope: full };
  await assert.rejects(worker.extensions.freeze({}), fails(Code.FailedPrecondition, /nothing is running/));
  await worker.ateom.runWorkload(requestFor(worker.key));
  await worker.extensions.freeze({});
  await worker.extensions.freeze({});
  assert.equal((await worker.extensions.getStatus({})).frozen, true);
  let isAnswered = false;
  const answer = post(worker.uid).finally(() => (isAnswered = true));
  await assert.rejects(
    worker.extensions.snapshot(request),
    fails(Code.FailedPrecondition, /is frozen; thaw it/),
  );
  await assert.rejects(
    openExec(worker.extensions, { command: waits }).next(),
    fails(Code.FailedPrecondition, /frozen/),
  );
  assert.ok((await worker.extensions.stats({})).memoryBytes > 0n);
  assert.equal(isAnswered, false);
  await worker.extensions.thaw({});
  await worker.extensions.thaw({});
  assert.equal(await answer, '{"memory":1,"file":1}');
  assert.equal((await worker.extensions.getStatus({})).frozen, false);
});

test("a frozen workload is checkpointed as any other, and terminated", async () => {
  await using worker = await startOneFake();
  const request = { ...requestFor(worker.key), scope: full };
  await worker.ateom.runWorkload(requestFor(worker.key));
  await post(worker.uid);
  await worker.extensions.freeze({});
  await worker.ateom.checkpointWorkload(request);
  await moveCheckpoint(worker.paths, worker.key);
  await worker.ateom.restoreWorkload(request);
  assert.equal((await worker.extensions.getStatus({})).frozen, false);
  assert.equal(await post(worker.uid), '{"memory":2,"file":2}');
  await worker.extensions.freeze({});
  await worker.extensions.terminate({});
  assert.equal((await worker.extensions.getStatus({})).state, extensions.GetStatusResponse_State.AVAILABLE);
});

test("exec carries stdin, both outputs and the exit", async () => {
  await using worker = await startOneFake();
  await worker.ateom.runWorkload(requestFor(worker.key));
  const exec = openExec(worker.extensions, {
    command: ["sh", "-c", 'read line; echo "$WHO $line"; pwd >&2; cat | wc -c; exit 7'],
    env: ["WHO=you said"],
    cwd: "/tmp",
  });
  exec.send({ case: "stdin", value: Buffer.from("hello\n") });
  const block = Buffer.alloc(100_000, "x");
  for (let count = 0; count < 30; count += 1) exec.send({ case: "stdin", value: block });
  exec.send({ case: "closeStdin", value: true });
  assert.deepEqual(await exec.all(), {
    stdout: "you said hello\n3000000\n",
    stderr: "/tmp\n",
    exit: { code: 7, signal: 0 },
  });
});

test("exec tells the signal that ended the process, also one that was sent", async () => {
  await using worker = await startOneFake();
  await worker.ateom.runWorkload(requestFor(worker.key));
  const exec = openExec(worker.extensions, { command: waits });
  await exec.next();
  exec.send({ case: "signal", value: 15 });
  assert.deepEqual((await exec.all()).exit, { code: 0, signal: 15 });
});

test("a process ends with its call, with a checkpoint and with the back end", async () => {
  await using worker = await startOneFake();
  await worker.ateom.runWorkload(requestFor(worker.key));
  const begin = async () => {
    const exec = openExec(worker.extensions, { command: waits });
    const pid = Number(await exec.next());
    assert.ok(isAlive(pid));
    return { exec, pid };
  };
  const cancelled = await begin();
  cancelled.exec.cancel();
  await assert.rejects(cancelled.exec.next(), fails(Code.Canceled, /./));

  const ended = await begin();
  const told = assert.rejects(ended.exec.next(), fails(Code.Aborted, /the workload was ended/));
  await worker.ateom.checkpointWorkload({ ...requestFor(worker.key), scope: full });
  assert.equal(isAlive(ended.pid), false);
  // Whatever was left of the call that was given up ended before the checkpoint, too.
  assert.equal(isAlive(cancelled.pid), false);
  await told;

  await worker.ateom.runWorkload(requestFor(worker.key));
  const left = await begin();
  const lost = assert.rejects(left.exec.next());
  await worker.backEnd.end("SIGTERM");
  assert.equal(isAlive(left.pid), false);
  await lost;
});

test("what cannot be run is refused", async () => {
  await using worker = await startOneFake();
  const refused = (start: ExecInput, code: Code, problem: RegExp) =>
    assert.rejects(openExec(worker.extensions, start).next(), fails(code, problem));
  await refused({ command: ["true"] }, Code.FailedPrecondition, /nothing is running/);
  await worker.ateom.runWorkload(requestFor(worker.key));
  await refused({ command: ["no-such-program"] }, Code.NotFound, /no-such-program/);
  await refused({ command: ["true"], container: "other" }, Code.NotFound, /no container "other"; it has app/);
  await refused({ command: [] }, Code.InvalidArgument, /names no program/);
  await refused({ command: ["a\0b"] }, Code.InvalidArgument, /NUL/);
  await refused({ command: ["true"], env: ["=x"] }, Code.InvalidArgument, /start\.env\[0\]/);
  await refused({ command: ["true"], cwd: "relative" }, Code.InvalidArgument, /absolute/);
  await refused({ command: ["true", "x".repeat(200_000)] }, Code.InvalidArgument, /131072 bytes/);
  await refused({ command: Array.from({ length: 257 }, () => "x") }, Code.InvalidArgument, /256/);

  const open = Array.from({ length: 16 }, () => openExec(worker.extensions, { command: waits }));
  await Promise.all(open.map((exec) => exec.next()));
  await refused({ command: ["true"] }, Code.ResourceExhausted, /16 processes/);
  for (const exec of open) exec.send({ case: "signal", value: 9 });
  await Promise.all(open.map((exec) => exec.all()));
  assert.equal((await openExec(worker.extensions, { command: ["true"] }).all()).exit?.code, 0);
});

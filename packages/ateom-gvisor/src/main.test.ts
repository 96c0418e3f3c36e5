import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { access, cp, readdir, readFile, rm, watch } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ateom, contractPaths, type extensions } from "@agent-substrate/contract";
import { type BackEndProgram, startBackEndProgram } from "./testing/back-end-program.ts";
import { writeActor } from "./testing/bundles.ts";
import { getJson } from "./testing/http.ts";
import { openTestNetwork, type TestNetwork } from "./testing/network.ts";
import { processesOf } from "./testing/processes.ts";
import { openTestNode, runscPath, skipReason, type TestNode } from "./testing/test-worker.ts";

test("the program that a node supervisor starts", { skip: skipReason }, async (suite) => {
  const uid = randomUUID();
  const actor = { actorTemplateNamespace: "default", actorTemplateName: "counter.test", actorId: "one" };
  const key = { namespace: "default", template: "counter.test", actorId: "one" };
  const assets = { runtimeAssetPaths: { runsc: runscPath } };
  const spec = { containers: [{ name: "main", readyz: { httpGet: { path: "/", port: 80 } } }] };
  const scope = ateom.SnapshotScope.FULL;
  let node: TestNode;
  let pod: TestNetwork;
  let program: BackEndProgram;
  const paths = () => contractPaths(node.basePath);
  const get = async () => (await getJson(pod.actorAddress, 80)) as { memory: number };

  before(async () => {
    node = await openTestNode();
    pod = await openTestNetwork(uid.slice(0, 8));
    program = await startBackEndProgram(node.basePath, uid, pod);
    const { netnsPath } = paths().ateom(uid);
    const containers = { main: ["/bin/node", "/app/server.mjs"] };
    await writeActor(paths().actor(key), "one", { ...node, netnsPath, containers });
  });
  after(async () => {
    await program?.end("SIGTERM");
    await pod?.[Symbol.asyncDispose]();
    await node?.[Symbol.asyncDispose]();
  });

  await suite.test("runs, saves and continues an actor behind the worker's address", async () => {
    await program.ateom.runWorkload({ ...actor, ...assets, spec });
    const first = (await get()).memory;
    const { snapshotFiles } = await program.ateom.checkpointWorkload({ ...actor, ...assets, spec, scope });
    const { checkpoint, restore } = paths().actor(key);
    assert.deepEqual([...snapshotFiles].sort(), (await readdir(checkpoint)).sort());
    await cp(checkpoint, restore, { recursive: true });
    await program.ateom.restoreWorkload({ ...actor, ...assets, spec, scope });
    // Readiness asks "/" too, at least once a start.
    assert.ok((await get()).memory > first);
  });

  await suite.test("runs a command beside the actor, until the actor is saved", async () => {
    const { capabilities } = await program.extensions.describe({});
    const { exec, freeze, stats, checkpointAndContinue } = capabilities ?? {};
    assert.ok(exec && freeze && stats && checkpointAndContinue);
    const call = openExec(program, ["node", "-e", "process.stdin.pipe(process.stdout)"]);
    call.send({ case: "stdin", value: Buffer.from("echo") });
    assert.deepEqual(await call.next(), { case: "stdout", text: "echo" });
    await program.extensions.freeze({});
    assert.equal((await program.extensions.getStatus({})).frozen, true);
    assert.ok((await program.extensions.stats({})).cpuUsageUs > 0n);
    await program.extensions.thaw({});
    const ended = assert.rejects(call.next(), /the workload was ended/);
    await program.ateom.checkpointWorkload({ ...actor, ...assets, spec, scope });
    await ended;
  });

  await suite.test("a snapshot whose caller never heard of it is answered by the next process", async () => {
    const headers = { "ate-operation-id": "op-7", "ate-generation": "7" };
    await program.ateom.runWorkload({ ...actor, ...assets, spec }, { headers: { "ate-generation": "7" } });
    const request = { ...actor, ...assets, spec, scope };
    const recorded = recordOf("op-7", paths().ateom(uid).directory);
    const lost = program.ateom.checkpointWorkload(request, { headers }).catch(() => undefined);
    await recorded;
    await program.end("SIGKILL");
    await lost;
    program = await startBackEndProgram(node.basePath, uid, pod);
    const { snapshotFiles } = await program.ateom.checkpointWorkload(request, { headers });
    const { checkpoint, restore } = paths().actor(key);
    assert.deepEqual([...snapshotFiles].sort(), (await readdir(checkpoint)).sort());
    await rm(restore, { recursive: true });
    await cp(checkpoint, restore, { recursive: true });
    await program.ateom.restoreWorkload(request);
    assert.ok((await get()).memory >= 2);
  });

  await suite.test("after it was killed the next of its uid starts from nothing", async () => {
    await program.end("SIGKILL");
    assert.notDeepEqual(await processesOf(node.basePath), []);
    program = await startBackEndProgram(node.basePath, uid, pod);
    assert.deepEqual(await processesOf(node.basePath), []);
    await program.ateom.runWorkload({ ...actor, ...assets, spec });
    assert.ok((await get()).memory >= 2);
  });

  await suite.test("leaves nothing when it is stopped", async () => {
    await program.end("SIGTERM");
    assert.equal(program.process.exitCode, 0);
    assert.deepEqual(await processesOf(node.basePath), []);
    await assert.rejects(access(paths().ateom(uid).netnsPath));
    await assert.rejects(access(paths().ateom(uid).socket));
  });
});

/** Returns when an operation's result is on disk, which is before it is answered. */
async function recordOf(operationId: string, directory: string): Promise<void> {
  for await (const { filename } of watch(directory, { signal: AbortSignal.timeout(60_000) })) {
    if (filename !== "operations.json") continue;
    const text = await readFile(join(directory, filename), "utf8").catch(() => "");
    if (text.includes(`"${operationId}"`)) return;
  }
}

type Requests = Parameters<BackEndProgram["extensions"]["exec"]>[0];
type Request = Requests extends AsyncIterable<infer R extends { request?: unknown }> ? R["request"] : never;

/** A call whose requests stay open. */
function openExec(program: BackEndProgram, command: string[]) {
  const { readable, writable } = new TransformStream<Request, Request>();
  const writer = writable.getWriter();
  const send = (request: Request) => void writer.write(request).catch(() => undefined);
  async function* requests() {
    for await (const request of readable) yield { request };
  }
  send({ case: "start", value: { command } });
  const responses = program.extensions.exec(requests())[Symbol.asyncIterator]();
  return {
    send,
    async next() {
      const { value } = await responses.next();
      const response = (value as extensions.ExecResponse).response;
      const isOutput = response.case === "stdout" || response.case === "stderr";
      return { case: response.case, text: isOutput ? Buffer.from(response.value).toString() : "" };
    },
  };
}

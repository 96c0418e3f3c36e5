import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { access, cp, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { ateom, contractPaths } from "@agent-substrate/contract";
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

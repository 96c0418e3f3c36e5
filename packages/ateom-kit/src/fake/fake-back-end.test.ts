import assert from "node:assert/strict";
import { test } from "node:test";
import { ateom, extensions } from "@agent-substrate/contract";
import { readPhases } from "@agent-substrate/rpc-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import { loopbackAddress } from "../network/loopback-network.ts";
import {
  actorKey,
  makeDataFolder,
  moveCheckpoint,
  newUid,
  prepareActor,
  requestFor,
  startFakeProcess,
} from "../test-support/back-end-process.ts";

const full = ateom.SnapshotScope.FULL;

async function post(uid: string, path = "/", body = ""): Promise<string> {
  const response = await fetch(`http://${loopbackAddress(uid)}${path}`, { method: "POST", body });
  return response.text();
}

test("an actor goes on on another worker", async () => {
  await using folder = await makeDataFolder();
  const [first, second] = [newUid(), newUid()];
  await using backEnd = await startFakeProcess(folder.paths, [first, second]);
  const key = actorKey("a1");
  await prepareActor(folder.paths, key);
  const headers = { "ate-atespace": "space", "ate-template": "counter" };
  let trailers = new Headers();
  await backEnd
    .connect(first)
    .ateom.runWorkload(requestFor(key), { headers, onTrailer: (got) => (trailers = got) });
  assert.deepEqual(
    readPhases(trailers).map((phase) => phase.name),
    ["network", "run", "ready", "other"],
  );
  assert.equal(await post(first), '{"memory":1,"file":1}');
  await post(first, "/log", "hello");
  const { snapshotFiles } = await backEnd
    .connect(first)
    .ateom.checkpointWorkload({ ...requestFor(key), scope: full });
  assert.deepEqual(snapshotFiles.toSorted(), ["count-app", "fake.json"]);
  await moveCheckpoint(folder.paths, key);
  await backEnd.connect(second).ateom.restoreWorkload({ ...requestFor(key), scope: full }, { headers });
  assert.equal(await post(second), '{"memory":2,"file":2}');
  const line = await backEnd.outputWhere((output) => output.message === "hello");
  assert.deepEqual(line.labels, {
    "ate.dev/actor_id": "a1",
    "ate.dev/actor_template_name": "counter",
    "ate.dev/actor_template_namespace": "default",
    "ate.dev/actor_atespace": "space",
    "ate.dev/container_name": "app",
  });
});

test("a worker executes one actor and says so", async () => {
  await using folder = await makeDataFolder();
  const uid = newUid();
  await using backEnd = await startFakeProcess(folder.paths, [uid]);
  const [one, two] = [actorKey("one"), actorKey("two")];
  await prepareActor(folder.paths, one);
  await prepareActor(folder.paths, two);
  const client = backEnd.connect(uid);
  const refused = (pattern: RegExp) => (error: unknown) =>
    error instanceof ConnectError && error.code === Code.FailedPrecondition && pattern.test(error.rawMessage);

  await assert.rejects(
    client.ateom.checkpointWorkload({ ...requestFor(one), scope: full }),
    refused(/executing nothing/),
  );
  await client.ateom.runWorkload(requestFor(one));
  await assert.rejects(
    client.ateom.runWorkload(requestFor(two)),
    refused(/is executing default:counter.space:one/),
  );
  await assert.rejects(
    client.ateom.checkpointWorkload({ ...requestFor(two), scope: full }),
    refused(/not default:counter.space:two/),
  );
  const status = await client.extensions.getStatus({});
  assert.equal(status.state, extensions.GetStatusResponse_State.EXECUTING);
  assert.equal(status.actor?.actorId, "one");

  await client.extensions.terminate({});
  await client.extensions.terminate({});
  assert.equal((await client.extensions.getStatus({})).state, extensions.GetStatusResponse_State.AVAILABLE);
  await client.ateom.runWorkload(requestFor(two));
});

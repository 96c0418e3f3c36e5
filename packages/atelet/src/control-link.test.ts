import assert from "node:assert/strict";
import { test } from "node:test";
import { actorOn, assets, headers, post } from "./testing/actor-requests.ts";
import { startControlPlane } from "./testing/control-plane.ts";
import { fakePool, startTestNode } from "./testing/test-node.ts";

test("actors go on while the control plane is away, and the next one is told what is here", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(1)]);
  const [worker] = await node.available(1);
  await node.controlPlane.until(({ heartbeats }) => heartbeats >= 2);
  await node.herder.run(
    { ...actorOn(worker, image), sandboxAssets: assets },
    { headers: headers("op-1", 1) },
  );
  await node.controlPlane[Symbol.asyncDispose]();
  assert.equal(await post(worker), '{"memory":1,"file":1}');
  // Lost while nobody listens: told later.
  await post(worker, "/exit?code=4");

  await using next = await startControlPlane(node.paths.basePath);
  next.want([fakePool(1)]);
  const lost = await next.until(({ losses }) => losses[0]);
  assert.match(lost.reason, /exited with code 4/);
  const { inventory, hellos } = next;
  assert.deepEqual(
    hellos.map(({ nodeName, startsWorkers }) => [nodeName, startsWorkers]),
    [["test-node", true]],
  );
  assert.equal(inventory?.workers[0]?.uid, worker?.uid);
});

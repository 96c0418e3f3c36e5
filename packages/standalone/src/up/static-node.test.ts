// The second seam with real parts: a control plane that has its node from a file, and a node supervisor of
// which it sees the three base calls over plain gRPC and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, atelet } from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { parseStaticNodes } from "../../../ateapi/src/nodes/static/parse-static-nodes.ts";
import { TestPlane, template } from "../../../ateapi/src/testing/test-plane.ts";
import { post } from "../../../atelet/src/testing/actor-requests.ts";
import { fakePool, startTestNode, type TestNode } from "../../../atelet/src/testing/test-node.ts";

const { Actor_Status: Status } = ateapi;

/** The node's base calls on TCP, without metadata: no operation ids, no generations, no substrate.v1.Node. */
function serveBaseCalls({ herder }: TestNode) {
  return serveRpc({
    services: [atelet.AteomHerder],
    listen: { host: "127.0.0.1", port: 0 },
    routes: (router) =>
      router.service(atelet.AteomHerder, {
        run: (request) => herder.run(request),
        checkpoint: (request) => herder.checkpoint(request),
        restore: (request) => herder.restore(request),
      }),
  });
}

test("our node supervisor, known by its base calls alone, runs and wakes actors", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([fakePool(2)]);
  const workers = await node.available(2);
  await using server = await serveBaseCalls(node);
  const listing = JSON.stringify({
    nodes: [
      {
        name: "listed",
        address: server.address,
        workers: workers.map(({ uid, address }) => ({
          uid,
          address,
          pool: { name: "pool" },
          sandboxClass: "fake",
        })),
      },
    ],
  });
  await using plane = await TestPlane.start({ staticNodes: parseStaticNodes(listing, "nodes.json") });
  const spec = { sandboxClass: "fake" };
  const head = { apiVersion: "ate.dev/v1alpha1" };
  await plane.apply({
    ...head,
    kind: "SandboxConfig",
    metadata: { name: "fake" },
    spec: { ...spec, default: true },
  });
  await plane.apply({
    ...head,
    kind: "WorkerPool",
    metadata: { name: "pool" },
    spec: { ...spec, replicas: 0 },
  });
  const container = { name: "app", image, readyz: { httpGet: { port: 80 } } };
  await plane.apply(template("counter", { ...spec, containers: [container] }));
  await plane.control.createAtespace({ name: "a" });
  await plane.untilPhase("counter", "Ready");
  const at = ({ ateomPodUid }: ateapi.Actor) => workers.find(({ uid }) => uid === ateomPodUid);

  await plane.createActor("x");
  await plane.createActor("y");
  const x = await plane.resume("x");
  const y = await plane.resume("y");
  assert.equal(await post(at(x), "/whoami"), "x");
  assert.equal(await post(at(y), "/whoami"), "y");
  assert.equal(await post(at(x)), '{"memory":1,"file":1}');
  for (const name of ["x", "y"]) assert.equal((await plane.suspend(name)).status, Status.SUSPENDED);

  const again = await plane.resume("x");
  assert.equal(await post(at(again)), '{"memory":2,"file":2}');
  assert.equal((await plane.pause("x")).status, Status.PAUSED);
  assert.equal(await post(at(await plane.resume("x"))), '{"memory":3,"file":3}');
});

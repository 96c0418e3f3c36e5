// The second seam with real parts: a control plane that has its node from a file, and a node supervisor of
// which it sees the three base calls over plain gRPC and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, atelet } from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import { parseStaticNodes } from "../../../ateapi/src/nodes/static/parse-static-nodes.ts";
import { refused } from "../../../ateapi/src/testing/refusals.ts";
import { TestPlane, template } from "../../../ateapi/src/testing/test-plane.ts";
import { post } from "../../../atelet/src/testing/actor-requests.ts";
import { fakePool, startTestNode, type TestNode } from "../../../atelet/src/testing/test-node.ts";

const { Actor_Status: Status } = ateapi;

/** The node's base calls on TCP, without metadata: no operation ids, no generations, no substrate.v1.Node. */
function serveBaseCalls({ herder }: TestNode, beforeCheckpoint: () => void = () => undefined) {
  return serveRpc({
    services: [atelet.AteomHerder],
    listen: { host: "127.0.0.1", port: 0 },
    routes: (router) =>
      router.service(atelet.AteomHerder, {
        run: (request) => herder.run(request),
        checkpoint: (request) => {
          beforeCheckpoint();
          return herder.checkpoint(request);
        },
        restore: (request) => herder.restore(request),
      }),
  });
}

/** A control plane that lists the node's two workers, with a template that is Ready. */
async function startListed(beforeCheckpoint?: () => void) {
  await using started = new AsyncDisposableStack();
  const node = started.use(await startTestNode());
  const image = await node.importImage();
  node.controlPlane.want([fakePool(2)]);
  const workers = await node.available(2);
  const server = started.use(await serveBaseCalls(node, beforeCheckpoint));
  const shared = { pool: { name: "pool" }, sandboxClass: "fake" };
  const listed = workers.map(({ uid, address }) => ({ uid, address, ...shared }));
  const listing = JSON.stringify({ nodes: [{ name: "listed", address: server.address, workers: listed }] });
  const plane = started.use(await TestPlane.start({ staticNodes: parseStaticNodes(listing, "nodes.json") }));
  const head = { apiVersion: "ate.dev/v1alpha1" };
  const spec = { sandboxClass: "fake" };
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
  const rest = started.move();
  return {
    plane,
    at: ({ ateomPodUid }: ateapi.Actor) => workers.find(({ uid }) => uid === ateomPodUid),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

test("our node supervisor, known by its base calls alone, runs and wakes actors", async () => {
  await using tested = await startListed();
  const { plane, at } = tested;
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

test("an actor whose checkpoint the node could not take is ended before its worker is used again", async () => {
  let failures = 0;
  await using tested = await startListed(() => {
    if (failures-- === 1) throw new ConnectError("the disk is on fire", Code.Internal);
  });
  const { plane, at } = tested;
  await plane.createActor("x");
  const first = await plane.resume("x");
  await post(at(first));
  failures = 1;
  await refused(plane.control.suspendActor({ actorRef: { atespace: "a", name: "x" } }), Code.Internal);
  assert.equal(await post(at(await plane.resume("x"))), '{"memory":1,"file":1}', "from the golden snapshot");
  await plane.suspend("x");
  for (const name of ["y", "z"]) await plane.createActor(name);
  for (const name of ["y", "z"]) {
    assert.equal(await post(at(await plane.resume(name)), "/whoami"), name);
  }
});

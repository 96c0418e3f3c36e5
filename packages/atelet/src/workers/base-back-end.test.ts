import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { nodes } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { actorOn, assets, headers, local, refusal } from "../testing/actor-requests.ts";
import { fakePool, startTestNode } from "../testing/test-node.ts";

const program = fileURLToPath(import.meta.resolve("../testing/base-back-end.ts"));
const basePool = fakePool(1, { localCommand: [process.execPath, program], fixedBasePath: true });

test("a back end of the base contract alone runs, stores and continues actors", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([basePool]);
  const [worker] = await node.available(1);
  const run = { ...actorOn(worker, image), sandboxAssets: assets };
  // Its word that a start failed is enough: the worker is free.
  for (const [actorId, code] of [
    ["refused", Code.Internal],
    ["unready", Code.DeadlineExceeded],
  ] as const) {
    await assert.rejects(
      node.herder.run({ ...run, actorId }, { headers: headers(`op-${actorId}`, 1) }),
      refusal(code, /cannot run this/),
    );
  }
  await node.herder.run(run, { headers: headers("op-2", 1) });
  await node.herder.checkpoint({ ...run, ...local("snap-a") }, { headers: headers("op-3", 1) });
  await node.herder.restore({ ...run, ...local("snap-a") }, { headers: headers("op-4", 2) });
});

test("a workload that its back end cannot end is ended with its process", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([basePool]);
  const [worker] = await node.available(1);
  await node.herder.run(
    { ...actorOn(worker, image), sandboxAssets: assets },
    { headers: headers("op-1", 1) },
  );
  await node.node.endWorkload({ workerUid: worker?.uid ?? "", generation: 1n });
  const next = await node.controlPlane.until(({ inventory }) =>
    inventory?.workers.find(
      ({ uid, state }) => uid !== worker?.uid && state === nodes.NodeWorker_State.AVAILABLE,
    ),
  );
  await node.herder.run({ ...actorOn(next, image), sandboxAssets: assets }, { headers: headers("op-2", 2) });
});

test("a checkpoint that was refused unread leaves the actor where it is", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([basePool]);
  const [worker] = await node.available(1);
  const actor = { ...actorOn(worker, image, "unread"), sandboxAssets: assets };
  await node.herder.run(actor, { headers: headers("op-1", 1) });
  await assert.rejects(
    node.herder.checkpoint({ ...actor, ...local("snap-a") }, { headers: headers("op-2", 1) }),
    refusal(Code.InvalidArgument, /cannot store this/),
  );
  await node.herder.checkpoint({ ...actor, ...local("snap-a") }, { headers: headers("op-3", 1) });
});

test("a checkpoint that failed otherwise is the end of the actor, and its process's", async () => {
  await using node = await startTestNode();
  const image = await node.importImage();
  node.controlPlane.want([basePool]);
  const [worker] = await node.available(1);
  const actor = { ...actorOn(worker, image, "gone"), sandboxAssets: assets };
  await node.herder.run(actor, { headers: headers("op-1", 1) });
  await assert.rejects(
    node.herder.checkpoint({ ...actor, ...local("snap-a") }, { headers: headers("op-2", 1) }),
    refusal(Code.Internal, /the actor with it: .*cannot store this/),
  );
  await node.controlPlane.until(
    ({ losses, inventory }) =>
      losses.some(({ actorId }) => actorId === "gone") &&
      inventory?.workers.every(({ uid }) => uid !== worker?.uid),
  );
});

test("workers that share a process need a back end that can end one of them alone", async () => {
  await using node = await startTestNode();
  node.controlPlane.want([fakePool(1, { ...basePool, fixedBasePath: true, workersPerProcess: 2 })]);
  await node.controlPlane.until(({ inventory }) =>
    inventory?.workers.some(({ message }) => /workersPerProcess 1/.test(message)),
  );
});

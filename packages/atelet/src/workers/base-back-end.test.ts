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
  await assert.rejects(
    node.herder.run({ ...run, actorId: "refused" }, { headers: headers("op-1", 1) }),
    refusal(Code.Internal, /cannot run this/),
  );
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

import { existsSync } from "node:fs";
import { join } from "node:path";
import { generationHeader, operationIdHeader } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { expect, expectEqual, expectRefusal, expectSuccess } from "../../expect.ts";
import type { NodeItem } from "../node-item.ts";

const needs = ["node-service"] as const;
const second = { memory: 2, file: 2 };

const operationId: NodeItem = {
  id: "node/operation-id",
  title: "A repeated operation id is answered with the first result.",
  rule: "node-operation-id",
  mistakes: "A checkpoint whose reply was lost cannot be asked for again.",
  needs,
  async run(bench) {
    const worker = bench.worker();
    const actor = bench.newActor();
    const snapshot = bench.newLocal();
    const as = (id: string) => ({
      headers: { [operationIdHeader]: `${actor}-${id}`, [generationHeader]: "1" },
    });
    for (const time of ["first", "repeated"]) {
      await expectSuccess(bench.run(worker, actor, {}, as("run")), `the ${time} run`);
    }
    await bench.count(worker);
    for (const time of ["first", "repeated"]) {
      await expectSuccess(
        bench.checkpoint(worker, actor, snapshot, {}, as("store")),
        `the ${time} checkpoint`,
      );
    }
    await expectSuccess(bench.restore(worker, actor, snapshot), "a restore");
    expectEqual(await bench.count(worker), second, "what the actor counts after it");
  },
};

const generation: NodeItem = {
  id: "node/older-generation",
  title: "A call of an older generation is refused.",
  rule: "node-generation",
  mistakes: "A control plane that was replaced still ends actors.",
  needs,
  async run(bench) {
    const worker = bench.worker();
    const actor = bench.newActor();
    const under = (generation: number) => ({ headers: { [generationHeader]: String(generation) } });
    await bench.run(worker, actor, {}, under(7));
    await expectRefusal(
      bench.checkpoint(worker, actor, bench.newLocal(), {}, under(6)),
      "a checkpoint of an older generation",
      Code.FailedPrecondition,
    );
    await bench.count(worker);
    await expectSuccess(
      bench.checkpoint(worker, actor, bench.newLocal(), {}, under(7)),
      "a checkpoint of the generation that runs",
    );
  },
};

const endWorkload: NodeItem = {
  id: "node/end-workload",
  title: "EndWorkload ends what runs under its generation, and nothing else.",
  rule: "node-end-workload",
  mistakes: "The second call fails; the worker is free before the actor is gone.",
  needs,
  async run(bench) {
    const worker = bench.worker();
    const end = (generation: bigint) => bench.node.endWorkload({ workerUid: worker.uid, generation });
    await bench.run(worker, bench.newActor(), {}, { headers: { [generationHeader]: "5" } });
    await expectRefusal(end(4n), "EndWorkload for another generation", Code.FailedPrecondition);
    await bench.count(worker);
    await expectSuccess(end(5n), "EndWorkload");
    await bench.expectSilence(worker);
    await expectSuccess(end(5n), "EndWorkload of what has ended");
    await expectSuccess(bench.run(worker, bench.newActor()), "a run afterwards");
  },
};

const snapshots: NodeItem = {
  id: "node/upload-and-delete",
  title: "A local snapshot is uploaded and stays; each is deleted when that is asked for.",
  rule: "node-snapshots",
  mistakes: "A deletion of what is not there is an error.",
  needs,
  async run(bench) {
    const worker = bench.worker();
    const actor = bench.newActor();
    const { local: snapshotPrefix } = bench.newLocal();
    const { external: snapshotUriPrefix, folder } = bench.newExternal();
    const manifest = join(folder, "manifest.json");
    await bench.run(worker, actor);
    await bench.count(worker);
    await bench.checkpoint(worker, actor, { local: snapshotPrefix });
    for (const time of ["an upload", "the same upload"]) {
      await expectSuccess(bench.node.uploadSnapshot({ snapshotPrefix, snapshotUriPrefix }), time);
    }
    expect(existsSync(manifest), "there is no manifest after the upload");
    await expectSuccess(
      bench.restore(worker, actor, { local: snapshotPrefix }),
      "a restore of the local one",
    );
    expectEqual(await bench.count(worker), second, "what the actor counts after it");
    for (const time of ["a deletion", "the same deletion"]) {
      await expectSuccess(bench.node.deleteSnapshot({ snapshotPrefix, snapshotUriPrefix }), time);
    }
    expect(!existsSync(manifest), "the manifest is there after the deletion");
    await bench.checkpoint(worker, actor, bench.newLocal());
    await expectRefusal(
      bench.restore(worker, actor, { local: snapshotPrefix }),
      "a restore of a snapshot that was deleted",
    );
  },
};

export const nodeServiceItems: readonly NodeItem[] = [operationId, generation, endWorkload, snapshots];

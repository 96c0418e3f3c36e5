import { readdir, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, expectEqual, expectRefusal, expectSuccess } from "../../expect.ts";
import type { NodeBench } from "../node-bench.ts";
import type { NodeItem } from "../node-item.ts";
import {
  copyStored,
  largestObject,
  readManifest,
  readStoredFile,
  storeAsOthers,
} from "../stored-snapshot.ts";

const second = { memory: 2, file: 2 };

/** An actor that counted once, stored outside; its worker is blank again. */
async function store(bench: NodeBench) {
  const worker = bench.worker();
  const actor = bench.newActor();
  const place = bench.newExternal();
  await bench.run(worker, actor);
  await bench.count(worker);
  await expectSuccess(bench.checkpoint(worker, actor, place), "an external checkpoint");
  return { worker, actor, ...place };
}

const storedForm: NodeItem = {
  id: "node/stored-form",
  title: "What is stored is what the contract says, object by object.",
  rule: "stored-form",
  mistakes: "The manifest written first; assets without their hash; objects that no other program can read.",
  async run(bench) {
    const { folder } = await store(bench);
    const { sandboxClass, assets, snapshotFiles } = await readManifest(folder);
    expectEqual(sandboxClass, bench.settings.sandboxClass, "sandboxClass in the manifest");
    for (const [name, { sha256 }] of Object.entries(bench.settings.assets)) {
      expectEqual(assets[name]?.sha256, sha256, `the sha256 of asset ${name} in the manifest`);
    }
    const written = (await stat(join(folder, "manifest.json"))).mtimeMs;
    for (const name of snapshotFiles) {
      await readStoredFile(folder, name);
      const { mtimeMs } = await stat(join(folder, `${name}.zstd`));
      expect(mtimeMs <= written, `${name}.zstd was written after the manifest`);
    }
    const expected = [...snapshotFiles.map((name) => `${name}.zstd`), "manifest.json"].sort();
    expectEqual((await readdir(folder)).sort(), expected, "what lies below the prefix");
  },
};

const elsewhere: NodeItem = {
  id: "node/restores-elsewhere",
  title: "A stored snapshot goes on upon another worker.",
  rule: "stored-elsewhere",
  mistakes: "Something of the snapshot stayed where it was taken.",
  needs: ["two-workers"],
  async run(bench) {
    const { actor, external } = await store(bench);
    const other = bench.worker(1);
    await expectSuccess(bench.restore(other, actor, { external }), "a restore on another worker");
    expectEqual(await bench.count(other), second, "what the actor counts there");
  },
};

function byOthers(form: "plain" | "sparse", title: string, mistakes: string): NodeItem {
  return {
    id: `node/restores-${form}-form`,
    title,
    rule: "stored-by-others",
    mistakes,
    async run(bench) {
      const { worker, actor, folder } = await store(bench);
      const copy = bench.newExternal();
      await storeAsOthers(folder, copy.folder, form);
      await expectSuccess(bench.restore(worker, actor, copy), `a restore of what others stored (${form})`);
      expectEqual(await bench.count(worker), second, "what the actor counts after it");
    },
  };
}

const damaged: NodeItem = {
  id: "node/damaged-snapshot",
  title: "A snapshot that is not whole is an error, and its worker takes the next actor.",
  rule: "stored-whole",
  mistakes: "A fresh start instead; a restore that hangs; a worker that stays taken.",
  async run(bench) {
    const { worker, actor, folder } = await store(bench);
    const spoil: [string, (copy: string) => Promise<void>][] = [
      ["without its manifest", (copy) => rm(join(copy, "manifest.json"))],
      ["without its largest file", async (copy) => rm(await largestObject(copy))],
      ["whose largest file is cut", cutLargest],
    ];
    for (const [what, act] of spoil) {
      const copy = bench.newExternal();
      await copyStored(folder, copy.folder);
      await act(copy.folder);
      await expectRefusal(bench.restore(worker, actor, copy), `a restore of a snapshot ${what}`);
    }
    await expectSuccess(bench.run(worker, bench.newActor()), "a run after restores that failed");
    expectEqual((await bench.count(worker)).memory, 1, "what the next actor counts first");
  },
};

async function cutLargest(folder: string): Promise<void> {
  const object = await largestObject(folder);
  await truncate(object, Math.floor((await stat(object)).size / 2));
}

export const storageItems: readonly NodeItem[] = [
  storedForm,
  elsewhere,
  byOthers(
    "plain",
    "A snapshot with the three keys alone and plain zstd goes on.",
    "Keys of one's own in the manifest are asked for.",
  ),
  byOthers("sparse", "A snapshot in the sparse form goes on.", "The form is unknown, or its holes are lost."),
  damaged,
];

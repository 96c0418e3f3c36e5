// What has to be refused before anything is done, whatever the worker does at the moment.
import { atelet } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { expectEqual, expectRefusal } from "../../expect.ts";
import type { NodeBench, Place } from "../node-bench.ts";
import type { NodeItem } from "../node-item.ts";

const invalid = Code.InvalidArgument;
const badLabels = ["", "Upper", "a_b", "../a", "a/b", "a b", "-a", "a\0", "a".repeat(64)];

/** A checkpoint and a restore at this place, or so spoiled, are both refused. */
async function expectBothRefused(
  bench: NodeBench,
  place: Place,
  changes: object,
  what: string,
): Promise<void> {
  const [worker, actor] = [bench.worker(), bench.newActor()];
  await expectRefusal(bench.checkpoint(worker, actor, place, changes), `a checkpoint with ${what}`, invalid);
  await expectRefusal(bench.restore(worker, actor, place, changes), `a restore with ${what}`, invalid);
}

const names: NodeItem = {
  id: "node/bad-names",
  title: "Names that are none are refused by every call.",
  rule: "herder-names",
  mistakes:
    "A check in Run alone; a path that is built before the check; names that are only together too long.",
  async run(bench) {
    const worker = bench.worker();
    const fields = ["targetAteomUid", "actorTemplateNamespace", "actorTemplateName", "actorId"] as const;
    for (const field of fields) {
      for (const name of badLabels) {
        if (field === "actorTemplateName" && name.length === 64) continue;
        const spoiled = { [field]: name };
        const what = `${field} ${JSON.stringify(name)}`;
        await expectRefusal(bench.run(worker, bench.newActor(), spoiled), `a run with ${what}`, invalid);
        await expectBothRefused(bench, bench.newLocal(), spoiled, what);
      }
    }
    const long = { actorTemplateName: `${"a".repeat(63)}.`.repeat(3) + "a".repeat(60) };
    await expectRefusal(
      bench.run(worker, bench.newActor(), long),
      "a run whose names have more than 255 bytes together",
      invalid,
    );
  },
};

const workload: NodeItem = {
  id: "node/bad-workload",
  title: "A workload without containers, with a name twice or with one named pause is refused.",
  rule: "herder-workload",
  mistakes: "The second container of a name overwrites the first one's bundle.",
  async run(bench) {
    const worker = bench.worker();
    const [app] = bench.spec().containers;
    const [paused] = bench.spec({ name: "pause" }).containers;
    const [escaping] = bench.spec({ name: "../app" }).containers;
    const sets: [string, (typeof app | undefined)[]][] = [
      ["no container", []],
      ["a container name that is there twice", [app, app]],
      ["a container named pause", [paused]],
      ["a container named ../app", [escaping]],
    ];
    for (const [what, containers] of sets) {
      const spec = create(atelet.WorkloadSpecSchema, {
        ...bench.spec(),
        containers: containers.flatMap((container) => container ?? []),
      });
      await expectRefusal(bench.run(worker, bench.newActor(), { spec }), `a run with ${what}`, invalid);
    }
  },
};

const scope: NodeItem = {
  id: "node/unspecified-scope",
  title: "The scope 0 is refused.",
  rule: "herder-place",
  mistakes: "0 taken for FULL.",
  run: (bench) =>
    expectBothRefused(bench, bench.newLocal(), { scope: atelet.SnapshotScope.UNSPECIFIED }, "scope 0"),
};

const type: NodeItem = {
  id: "node/unspecified-type",
  title: "The type 0, and a configuration of another type, are refused.",
  rule: "herder-place",
  mistakes: "The oneof alone decides.",
  async run(bench) {
    const { UNSPECIFIED, EXTERNAL, LOCAL } = atelet.CheckpointType;
    await expectBothRefused(bench, bench.newLocal(), { type: UNSPECIFIED }, "type 0");
    await expectBothRefused(bench, bench.newLocal(), { type: EXTERNAL }, "type EXTERNAL and a local prefix");
    await expectBothRefused(bench, bench.newExternal(), { type: LOCAL }, "type LOCAL and an external prefix");
  },
};

const localPrefix: NodeItem = {
  id: "node/bad-local-prefix",
  title: "A local prefix that is empty or no plain name is refused.",
  rule: "herder-place",
  mistakes: "The prefix becomes part of a path as it stands.",
  async run(bench) {
    for (const local of ["", ".", "..", "../a", "a/b", "/a", "a\0b"]) {
      await expectBothRefused(bench, { local }, {}, `the local prefix ${JSON.stringify(local)}`);
    }
  },
};

const externalPrefix: NodeItem = {
  id: "node/bad-external-prefix",
  title: "An external prefix that is more than scheme, bucket and path is refused.",
  rule: "herder-place",
  mistakes: "A URL library that takes what it does not know; a password that ends up in a log.",
  async run(bench) {
    const prefixes = [
      "",
      "a/b",
      "gs:bucket/a",
      "gs://user:secret@bucket/a",
      "gs://bucket/a?generation=1",
      "gs://bucket/a#b",
      "gs:///a",
      "file://host/a",
    ];
    for (const external of prefixes) {
      await expectBothRefused(bench, { external }, {}, `the external prefix ${JSON.stringify(external)}`);
    }
  },
};

const assets: NodeItem = {
  id: "node/bad-assets",
  title: "Assets for another architecture alone, and a sha256 that is none, are refused.",
  rule: "herder-assets",
  mistakes: "The first architecture of the map taken; a hash used as part of a path before it is checked.",
  async run(bench) {
    const worker = bench.worker();
    const other = create(atelet.SandboxAssetsSchema, bench.assets("s390x"));
    await expectRefusal(
      bench.run(worker, bench.newActor(), { sandboxAssets: other }),
      "a run with assets for s390x alone",
      invalid,
    );
    for (const sha256 of ["", "abc", "../".repeat(21), "g".repeat(64)]) {
      const file = create(atelet.AssetFileSchema, { url: "file:///nowhere", sha256 });
      const { architecture, sandboxClass } = bench.settings;
      const files = create(atelet.ArchAssetsSchema, { files: { program: file } });
      const sandboxAssets = create(atelet.SandboxAssetsSchema, {
        sandboxClass,
        assets: { [architecture]: files },
      });
      await expectRefusal(
        bench.run(worker, bench.newActor(), { sandboxAssets }),
        `a run with an asset of sha256 ${JSON.stringify(sha256)}`,
        invalid,
      );
    }
  },
};

const unknownWorker: NodeItem = {
  id: "node/unknown-worker",
  title: "A worker that the node does not have is refused.",
  rule: "herder-unknown-worker",
  mistakes: "A wait for its socket until the caller gives up.",
  async run(bench) {
    const nobody = { uid: bench.newActor(), address: "" };
    await expectRefusal(bench.run(nobody, bench.newActor()), "a run on an unknown worker");
    await expectRefusal(
      bench.checkpoint(nobody, bench.newActor(), bench.newLocal()),
      "a checkpoint on an unknown worker",
    );
  },
};

const whileExecuting: NodeItem = {
  id: "node/bad-requests-while-executing",
  title: "A refused request does nothing to the actor that runs.",
  rule: "herder-place",
  mistakes: "The actor is frozen first and the request read afterwards.",
  async run(bench) {
    const [worker, actor] = [bench.worker(), bench.newActor()];
    await bench.run(worker, actor);
    const before = await bench.count(worker);
    const { UNSPECIFIED } = atelet.SnapshotScope;
    const spoiled = bench.checkpoint(worker, actor, bench.newLocal(), { scope: UNSPECIFIED });
    await expectRefusal(spoiled, "a checkpoint with scope 0", invalid);
    const empty = bench.checkpoint(worker, actor, { local: "" });
    await expectRefusal(empty, "a checkpoint with an empty local prefix", invalid);
    const after = { memory: before.memory + 1, file: before.file + 1 };
    expectEqual(await bench.count(worker), after, "what the actor counts afterwards");
  },
};

export const requestItems: readonly NodeItem[] = [
  names,
  workload,
  scope,
  type,
  localPrefix,
  externalPrefix,
  assets,
  unknownWorker,
  whileExecuting,
];

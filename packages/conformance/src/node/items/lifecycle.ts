import { Code } from "@connectrpc/connect";
import { expect, expectEqual, expectRefusal, expectSuccess } from "../../expect.ts";
import type { NodeItem } from "../node-item.ts";

const first = { memory: 1, file: 1 };
const second = { memory: 2, file: 2 };

const runs: NodeItem = {
  id: "node/runs",
  title: "Run returns when the actor is ready, and its worker's port 80 leads to it.",
  rule: "herder-ready",
  mistakes: "An answer as soon as the sandbox was started.",
  async run(bench) {
    const worker = bench.worker();
    await expectSuccess(bench.run(worker, bench.newActor()), "a run");
    expectEqual(await bench.count(worker), first, "what the actor counts first");
  },
};

const secondStart: NodeItem = {
  id: "node/second-start",
  title: "A worker that executes an actor refuses another one.",
  rule: "herder-executing",
  mistakes: "The second start ends the first actor.",
  async run(bench) {
    const worker = bench.worker();
    const actor = bench.newActor();
    await bench.run(worker, actor);
    await bench.count(worker);
    await expectRefusal(bench.run(worker, bench.newActor()), "a second run", Code.FailedPrecondition);
    expectEqual(await bench.count(worker), second, "what the first actor counts afterwards");
  },
};

const ofAnother: NodeItem = {
  id: "node/checkpoint-of-another",
  title: "A checkpoint of an actor that the worker does not execute is refused.",
  rule: "herder-executing",
  mistakes: "The worker alone decides whose state is stored.",
  async run(bench) {
    const worker = bench.worker();
    const actor = bench.newActor();
    await bench.run(worker, actor);
    await bench.count(worker);
    await expectRefusal(
      bench.checkpoint(worker, bench.newActor(), bench.newLocal()),
      "a checkpoint of another actor",
    );
    expectEqual(await bench.count(worker), second, "what the actor counts afterwards");
  },
};

const ofNobody: NodeItem = {
  id: "node/checkpoint-of-nobody",
  title: "A checkpoint of a blank worker is refused.",
  rule: "herder-blank",
  mistakes: "Success with an empty snapshot.",
  async run(bench) {
    await expectRefusal(
      bench.checkpoint(bench.worker(), bench.newActor(), bench.newLocal()),
      "a checkpoint of a worker that executes nothing",
    );
  },
};

const failedStart: NodeItem = {
  id: "node/failed-start",
  title: "After a start that failed, its worker takes the next actor.",
  rule: "herder-failed-start",
  mistakes: "The worker stays taken by an actor that never ran.",
  async run(bench) {
    const worker = bench.worker();
    const image = bench.settings.image.replace(/@sha256:.*$/, `@sha256:${"0".repeat(64)}`);
    await expectRefusal(
      bench.run(worker, bench.newActor(), { spec: bench.spec({ image }) }),
      "a run of an image that is not there",
    );
    await expectRefusal(
      bench.restore(worker, bench.newActor(), bench.newLocal()),
      "a restore of a snapshot that is not there",
    );
    await expectSuccess(bench.run(worker, bench.newActor()), "a run after two that failed");
    expectEqual(await bench.count(worker), first, "what the actor counts first");
  },
};

const missing: NodeItem = {
  id: "node/missing-snapshot",
  title: "A snapshot that is not there is told from a worker that is not free.",
  rule: "herder-missing",
  mistakes: "One code for everything that cannot be done.",
  async run(bench) {
    const worker = bench.worker();
    const actor = bench.newActor();
    for (const [kind, place] of [
      ["local", bench.newLocal()],
      ["external", bench.newExternal()],
    ] as const) {
      const what = `a restore of a missing ${kind} snapshot`;
      const { code } = await expectRefusal(bench.restore(worker, actor, place), `${what} on a blank worker`);
      expect(
        code !== Code.FailedPrecondition,
        `${what} on a blank worker was refused with FAILED_PRECONDITION`,
      );
    }
    await bench.run(worker, actor);
    await expectRefusal(
      bench.restore(worker, actor, bench.newLocal()),
      "a restore of a missing snapshot on a worker that executes",
      Code.FailedPrecondition,
    );
    expectEqual(await bench.count(worker), first, "what the actor that runs counts afterwards");
  },
};

const blank: NodeItem = {
  id: "node/blank-after-checkpoint",
  title: "A checkpoint ends the actor and leaves nothing of it to the next one.",
  rule: "herder-blank",
  mistakes: "The network leads to the former actor for another moment; files are left in its place.",
  async run(bench) {
    const worker = bench.worker();
    const actor = bench.newActor();
    await bench.run(worker, actor);
    await bench.count(worker);
    await expectSuccess(bench.checkpoint(worker, actor, bench.newLocal()), "a checkpoint");
    await bench.expectSilence(worker);
    await expectSuccess(bench.run(worker, bench.newActor()), "a run after a checkpoint");
    expectEqual(await bench.count(worker), first, "what the next actor counts first");
  },
};

const localAgain: NodeItem = {
  id: "node/local-snapshot",
  title: "A local snapshot goes on where it was taken, as often as one likes.",
  rule: "herder-local",
  mistakes: "The first restore moves the files away.",
  async run(bench) {
    const worker = bench.worker();
    const actor = bench.newActor();
    const snapshot = bench.newLocal();
    await bench.run(worker, actor);
    await bench.count(worker);
    await expectSuccess(bench.checkpoint(worker, actor, snapshot), "a local checkpoint");
    for (const time of ["first", "second"]) {
      await expectSuccess(bench.restore(worker, actor, snapshot), `the ${time} restore`);
      expectEqual(await bench.count(worker), second, `what the actor counts after the ${time} restore`);
      await bench.checkpoint(worker, actor, bench.newLocal());
    }
  },
};

export const lifecycleItems: readonly NodeItem[] = [
  runs,
  secondStart,
  ofAnother,
  ofNobody,
  failedStart,
  missing,
  blank,
  localAgain,
];

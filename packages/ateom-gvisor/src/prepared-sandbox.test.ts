import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readBundles } from "./bundles.ts";
import { PreparedSandbox } from "./prepared-sandbox.ts";
import { planSandbox, type SandboxPlan } from "./sandbox-plan.ts";
import { runscRoot, slotsDirectory } from "./slot.ts";
import { openTestOutput } from "./testing/output.ts";
import { openTestNode, openTestWorker, runscPath, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;

test("a sandbox created ahead", { skip: skipReason }, async (suite) => {
  let node: TestNode;
  before(async () => {
    node = await openTestNode();
  });
  after(() => node?.[Symbol.asyncDispose]());

  async function withPlan(
    use: (parts: {
      prepared: PreparedSandbox;
      plan: SandboxPlan;
      slots: () => Promise<string[]>;
    }) => Promise<void>,
  ): Promise<void> {
    await using worker = await openTestWorker(node);
    const workload = await worker.place("any");
    const plan = planSandbox(await readBundles(workload), workload.paths, worker.network.netnsPath);
    const home = {
      directory: worker.directory,
      openOutput: (name: string) => openTestOutput(worker.directory, name, []),
    };
    const prepared = new PreparedSandbox(home, { debug() {}, info() {}, warn() {}, error() {} });
    const slots = () => readdir(slotsDirectory(worker.directory));
    try {
      await use({ prepared, plan, slots });
    } finally {
      await prepared.close();
    }
    assert.deepEqual(await slots(), []);
  }
  const runsc = (directory: string) => ({ path: runscPath, root: runscRoot(directory) });

  await suite.test("is used where it fits, and once", () =>
    withPlan(async ({ prepared, plan, slots }) => {
      const here = runsc(join(node.basePath, "runsc-a"));
      prepared.prepare(plan, here);
      await prepared.settled();
      const [ready] = await slots();
      const sandbox = await prepared.take(plan, here, never);
      assert.deepEqual(await slots(), [ready]);
      const another = await prepared.take(plan, here, never);
      assert.equal((await slots()).length, 2);
      await Promise.all([sandbox.destroy(), another.destroy()]);
    }),
  );

  await suite.test("is thrown away where it does not fit", () =>
    withPlan(async ({ prepared, plan, slots }) => {
      const here = runsc(join(node.basePath, "runsc-b"));
      prepared.prepare(plan, here);
      await prepared.settled();
      const [ready = ""] = await slots();
      const sandbox = await prepared.take({ ...plan, key: "other" }, here, never);
      await prepared.close();
      assert.equal((await slots()).length, 1);
      assert.equal((await slots()).includes(ready), false);
      await sandbox.destroy();
    }),
  );

  await suite.test("is not made for a plan that is one actor's, and a failure is no obstacle", () =>
    withPlan(async ({ prepared, plan, slots }) => {
      const here = runsc(join(node.basePath, "runsc-c"));
      prepared.prepare({ ...plan, isAnyActors: false }, here);
      const broken = join(node.basePath, "no-runsc");
      await writeFile(broken, "#!/bin/false\n", { mode: 0o755 });
      prepared.prepare(plan, { ...here, path: broken });
      await prepared.settled();
      assert.deepEqual(await slots().catch(() => []), []);
      const sandbox = await prepared.take(plan, here, never);
      assert.equal(sandbox.isAlive, true);
      await sandbox.destroy();
    }),
  );
});

import assert from "node:assert/strict";
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { readBundles } from "./bundles.ts";
import { PreparedSandbox } from "./prepared-sandbox.ts";
import { planSandbox, type SandboxPlan } from "./sandbox-plan.ts";
import { runscRoot, slotsDirectory } from "./slot.ts";
import { openTestOutput } from "./testing/output.ts";
import { writeRunscScript } from "./testing/runsc-script.ts";
import { openTestNode, openTestWorker, runscPath, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;
/** Long enough for a creation on a crowded machine. */
const timeoutMs = 3_000;

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
    const prepared = new PreparedSandbox(home, { debug() {}, info() {}, warn() {}, error() {} }, timeoutMs);
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
      assert.deepEqual(await slots().catch(() => []), []);
      const failing = { ...here, path: await writeRunscScript(node.basePath, "exit 1") };
      prepared.prepare(plan, failing);
      await prepared.settled();
      assert.deepEqual(await slots(), []);
      const sandbox = await prepared.take(plan, failing, never);
      assert.equal(sandbox.isAlive, true);
      await sandbox.destroy();
    }),
  );

  await suite.test("is joined while it is being created", () =>
    withPlan(async ({ prepared, plan, slots }) => {
      const here = runsc(join(node.basePath, "runsc-d"));
      prepared.prepare(plan, here);
      const sandbox = await prepared.take(plan, here, never);
      assert.equal((await slots()).length, 1);
      await sandbox.destroy();
    }),
  );

  await suite.test("is not waited for when it hangs: neither if it fits, nor if it does not", () =>
    withPlan(async ({ prepared, plan, slots }) => {
      for (const key of [plan.key, "other"]) {
        const hanging = {
          ...runsc(join(node.basePath, "runsc-e")),
          path: await writeRunscScript(node.basePath, "exec sleep 600"),
        };
        prepared.prepare(plan, hanging);
        await asked(hanging.path);
        const sandbox = await prepared.take({ ...plan, key }, hanging, never);
        assert.equal(sandbox.isAlive, true);
        await sandbox.destroy();
      }
      await prepared.close();
      assert.deepEqual(await slots(), []);
    }),
  );

  await suite.test("is not waited for by a wake that is given up", () =>
    withPlan(async ({ prepared, plan }) => {
      const hanging = {
        ...runsc(join(node.basePath, "runsc-f")),
        path: await writeRunscScript(node.basePath, "exec sleep 600"),
      };
      prepared.prepare(plan, hanging);
      await asked(hanging.path);
      await assert.rejects(prepared.take(plan, hanging, AbortSignal.abort(new Error("over"))), /over/);
    }),
  );

  await suite.test("does not wait for the removal of the last", () =>
    withPlan(async ({ prepared, plan }) => {
      const here = runsc(join(node.basePath, "runsc-g"));
      const last = await prepared.take(plan, here, never);
      const removing = Promise.withResolvers<void>();
      const destroy = last.destroy.bind(last);
      last.destroy = () => removing.promise.then(destroy);
      prepared.prepare(plan, here);
      prepared.remove(last);
      const sandbox = await prepared.take(plan, here, never);
      assert.equal(sandbox.isAlive, true);
      removing.resolve();
      await sandbox.destroy();
    }),
  );
});

/** Returns when the script has been asked to create. */
async function asked(script: string): Promise<void> {
  while (
    !(await access(`${script}.done`).then(
      () => true,
      () => false,
    ))
  )
    await setImmediate();
}

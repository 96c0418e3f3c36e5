// A running actor's suspend, against a checkpoint by hand.
//
// product: SuspendActor, until the actor is SUSPENDED: its snapshot is durable and stored.
// bare:    `runsc checkpoint` into a new directory of the same file system, and fsync of its files.
import { mkdir, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BareSandbox } from "./bare/bare-sandbox.ts";
import type { Bare } from "./bare/open-bare.ts";
import type { Round, Started } from "./comparison.ts";
import { quietMoment } from "./machine/quiet-moment.ts";
import type { Product } from "./product/open-product.ts";
import { readPreparedSpec } from "./product/prepared-sandboxes.ts";
import { firstAnswer } from "./requests/first-answer.ts";
import { sendRequest } from "./requests/send-request.ts";

/** Wakes the actor in both worlds from one image, with one request each. */
export async function beginSuspend(product: Product, bare: Bare, signal: AbortSignal): Promise<Round> {
  const { image } = await product.suspend(signal);
  await quietMoment("the workers create their next sandboxes", () => product.isPrepared(), signal);
  const sandbox = await bare.createSandbox(await readPreparedSpec(product.node));
  try {
    await sandbox.restore(image);
    await firstAnswer(bare.target, signal);
    await sendRequest(product.target, signal);
  } catch (error) {
    await sandbox[Symbol.asyncDispose]();
    throw error;
  }
  return {
    product: async () => {
      const wasQuiet = await quietMoment("the processors idle", async () => true, signal);
      const start = performance.now();
      const report = await product.suspend(signal);
      const totalMs = performance.now() - start;
      const reported = report.phases.reduce((sum, phase) => sum + phase.durationMs, 0);
      return {
        totalMs,
        parts: [...report.phases, { name: "client", durationMs: totalMs - reported }],
        wasQuiet,
      };
    },
    bare: () => measureBare(bare, sandbox, signal),
    end: async () => sandbox[Symbol.asyncDispose](),
  };
}

async function measureBare(bare: Bare, sandbox: BareSandbox, signal: AbortSignal): Promise<Started> {
  const wasQuiet = await quietMoment("the processors idle", async () => true, signal);
  const parent = await mkdtemp(join(bare.directory, "image-"));
  try {
    const start = performance.now();
    const target = join(parent, "files");
    await mkdir(target);
    await sandbox.checkpoint(target);
    const saved = performance.now();
    await Promise.all((await readdir(target)).map((name) => sync(join(target, name))));
    await sync(target);
    await sync(parent);
    const end = performance.now();
    const parts = [
      { name: "checkpoint", durationMs: saved - start },
      { name: "fsync", durationMs: end - saved },
    ];
    return { totalMs: end - start, parts, wasQuiet };
  } finally {
    await rm(parent, { recursive: true });
    await sandbox[Symbol.asyncDispose]();
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

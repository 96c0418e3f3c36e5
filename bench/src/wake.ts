// A request to a sleeping actor, against a restore of the same image by hand.
//
// product: from sending the request to the router, on a new connection, to its whole answer, while a
//          worker is free and has created its next sandbox.
// bare:    from starting `runsc restore` into a sandbox that was created before, to the whole answer
//          of the same request, sent by a client that tries to connect from the beginning.

import type { BareSandbox } from "./bare/bare-sandbox.ts";
import type { Bare } from "./bare/open-bare.ts";
import type { Round, Started } from "./comparison.ts";
import { quietMoment } from "./machine/quiet-moment.ts";
import type { Product } from "./product/open-product.ts";
import { readPreparedSpec } from "./product/prepared-sandboxes.ts";
import { parseServerTiming } from "./product/server-timing.ts";
import { firstAnswer } from "./requests/first-answer.ts";
import { sendRequest } from "./requests/send-request.ts";

/** Suspends the actor, so that there is something to wake, and creates the bare sandbox. */
export async function beginWake(product: Product, bare: Bare, signal: AbortSignal): Promise<Round> {
  const { image } = await product.suspend(signal);
  await quietMoment("the workers create their next sandboxes", () => product.isPrepared(), signal);
  const sandbox = await bare.createSandbox(await readPreparedSpec(product.node));
  const answers: string[] = [];
  return {
    product: async () => {
      const [measured, text] = await measureProduct(product, signal);
      answers.push(text);
      return measured;
    },
    bare: async () => {
      const [measured, text] = await measureBare(bare, sandbox, image, signal);
      answers.push(text);
      await sandbox[Symbol.asyncDispose]();
      return measured;
    },
    end: async () => {
      await sandbox[Symbol.asyncDispose]();
      const [one, other] = answers;
      if (other === undefined || one === other) return;
      throw new Error(`one snapshot gave two answers: ${one?.trim()} and ${other.trim()}`);
    },
  };
}

async function measureProduct(product: Product, signal: AbortSignal): Promise<[Started, string]> {
  const what = "the workers create their next sandboxes";
  const wasQuiet = await quietMoment(what, () => product.isPrepared(), signal);
  const start = performance.now();
  const { headers, text } = await sendRequest(product.target, signal);
  const totalMs = performance.now() - start;
  const phases = parseServerTiming(headers["server-timing"]);
  const reported = phases.reduce((sum, phase) => sum + phase.durationMs, 0);
  return [
    { totalMs, parts: [...phases, { name: "client", durationMs: totalMs - reported }], wasQuiet },
    text,
  ];
}

async function measureBare(
  bare: Bare,
  sandbox: BareSandbox,
  image: string,
  signal: AbortSignal,
): Promise<[Started, string]> {
  const wasQuiet = await quietMoment("the processors idle", async () => true, signal);
  const start = performance.now();
  const restored = sandbox.restore(image).then(() => performance.now());
  const failed = restored.then(() => new Promise<never>(() => undefined));
  const { text } = await Promise.race([firstAnswer(bare.target, signal), failed]);
  const end = performance.now();
  // The actor may answer before the command has ended.
  const restoreMs = Math.min(await restored, end) - start;
  const totalMs = end - start;
  const parts = [
    { name: "restore", durationMs: restoreMs },
    { name: "first-answer", durationMs: totalMs - restoreMs },
  ];
  return [{ totalMs, parts, wasQuiet }, text];
}

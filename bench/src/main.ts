import { runUntilSignal } from "@agent-substrate/process-kit";
import { openBare } from "./bare/open-bare.ts";
import { type Comparison, compare } from "./comparison.ts";
import { readMachineFacts } from "./machine/machine-facts.ts";
import { type BenchOptions, readOptions, UsageError, usage } from "./options.ts";
import { openProduct, type Product, workers } from "./product/open-product.ts";
import { formatReport, ratioOf, type Sides } from "./report/report.ts";
import { sendRequest } from "./requests/send-request.ts";
import { beginSuspend } from "./suspend.ts";
import { beginWake } from "./wake.ts";

const sidesOf: Readonly<Record<BenchOptions["benchmark"], Sides>> = {
  wake: { product: "wake through the router", bare: "bare runsc restore" },
  suspend: { product: "SuspendActor", bare: "bare runsc checkpoint" },
};

const say = (text: string) => process.stderr.write(`bench: ${text}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === "help") {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (process.getuid?.() !== 0) throw new UsageError("it needs root");
  let isInterrupted = false;
  await runUntilSignal(
    async (stopping) => {
      try {
        const comparison = await runBenchmark(options, stopping);
        process.stdout.write(`${await describe(options, comparison)}\n`);
      } catch (error) {
        if (!stopping.aborted) throw error;
        isInterrupted = true;
      }
    },
    { abrupt: () => say("still clearing up") },
  );
  return isInterrupted ? 130 : 0;
}

async function runBenchmark(options: BenchOptions, signal: AbortSignal): Promise<Comparison> {
  await using bare = await openBare(options.runsc);
  await using product = await openProduct(say, signal);
  await prepareWorkers(product, signal);
  const begin = options.benchmark === "wake" ? beginWake : beginSuspend;
  return await compare(options.rounds, () => begin(product, bare, signal), say, signal);
}

/** One wake on each worker, after which each creates its next sandbox ahead. */
async function prepareWorkers(product: Product, signal: AbortSignal): Promise<void> {
  for (let worker = 0; worker < workers; worker += 1) {
    await sendRequest(product.target, signal);
    await product.suspend(signal);
  }
}

async function describe(options: BenchOptions, comparison: Comparison): Promise<string> {
  const { benchmark, isJson, runsc } = options;
  const machine = await readMachineFacts(runsc);
  if (!isJson) return formatReport(sidesOf[benchmark], comparison, machine);
  return JSON.stringify({ benchmark, machine, p50Ratio: ratioOf(comparison), ...comparison });
}

try {
  process.exitCode = await main();
} catch (error) {
  say((error as Error).message);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

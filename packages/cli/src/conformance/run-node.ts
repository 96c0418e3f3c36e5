import { writeFile } from "node:fs/promises";
import { junitReport, type Outcome, progressLine } from "@agent-substrate/conformance";
import {
  type NodeReport,
  nodeItems,
  runNodeConformance,
  selectNodeItems,
} from "@agent-substrate/conformance/node";
import type { Context } from "../context.ts";
import { CliFailure } from "../failure.ts";
import type { NodeFlags } from "./node-options.ts";
import { readNodeSettings } from "./read-node-settings.ts";
import type { ConformanceFlags } from "./read-settings.ts";

/** Proves a node supervisor and prints what comes of it. Throws `CliFailure` with the exit code that fits. */
export async function runNodeCommand(
  words: readonly string[],
  flags: NodeFlags & ConformanceFlags,
  context: Context,
): Promise<void> {
  const selected = selectNodeItems(flags.item ?? []);
  if (selected.length === 0)
    throw new CliFailure(`no item begins so; --node ${flags.node} --list shows all`, 2);
  if (flags.list) {
    const width = Math.max(...nodeItems.map(({ id }) => id.length));
    for (const { id, title } of selected) context.print(`${id.padEnd(width)}  ${title}`);
    return;
  }
  const settings = await readNodeSettings(words, flags);
  const progress = (text: string) => context.io.stderr.write(`${text}\n`);
  let number = 0;
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const report = await runNodeConformance(
      settings,
      (result) => progress(progressLine(result, ++number, (id) => `the same words with --item ${id}`)),
      AbortSignal.any([context.signal, interrupted.signal]),
    );
    progress(summary(report));
    if (flags.json) context.print(JSON.stringify(report, undefined, 2));
    if (flags.junit !== undefined) {
      const backEnd = { sandboxClass: settings.sandboxClass, scopes: [], declared: [] };
      const name = "substrate conformance --node";
      await writeFile(flags.junit, junitReport({ ...report, backEnd, seed: 0, cycles: 0 }, { name }));
    }
    const failed = count(report, "failed");
    if (failed > 0) throw new CliFailure(`${failed} of ${report.results.length} items failed`);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function summary(report: NodeReport): string {
  const knows = report.offersNode ? "with substrate.v1.Node" : "base calls alone";
  const seconds = (report.durationMs / 1000).toFixed(1);
  return `${count(report, "passed")} passed, ${count(report, "failed")} failed, ${count(report, "not-run")} not run, in ${seconds} s (${knows})`;
}

function count({ results }: NodeReport, kind: Outcome["kind"]): number {
  return results.filter(({ outcome }) => outcome.kind === kind).length;
}

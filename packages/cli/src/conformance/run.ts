import { writeFile } from "node:fs/promises";
import {
  items,
  junitReport,
  missingPrograms,
  progressLine,
  runConformance,
  selectItems,
  summaryLines,
} from "@agent-substrate/conformance";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { CliFailure } from "../failure.ts";
import { type ConformanceFlags, readSettings } from "./read-settings.ts";

/** Runs the suite and prints what comes of it. Throws `CliFailure` with the exit code that fits. */
export async function runCommand(
  words: readonly string[],
  flags: ConformanceFlags,
  context: Context,
  command: Command,
): Promise<void> {
  const { io } = context;
  if (flags.list) return listItems(flags, context);
  const settings = await readSettings(words, flags);
  if (selectItems(settings.items).length === 0) {
    throw new CliFailure(`no item begins with ${settings.items.join(" or ")}; --list shows all`, 2);
  }
  await requireMachine(io.env.PATH ?? "");
  const progress = (text: string) => io.stderr.write(`${text}\n`);
  const repeat = repeatCommand(words, flags, command, settings.seed);
  let number = 0;
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const { report, folder } = await runConformance({
      ...settings,
      signal: AbortSignal.any([context.signal, interrupted.signal]),
      onEvent(event) {
        if (event.kind === "result") progress(progressLine(event.result, ++number, repeat));
      },
    });
    for (const line of summaryLines(report)) progress(line);
    if (folder !== undefined) progress(`files are in ${folder}`);
    if (flags.json) context.print(JSON.stringify(report, undefined, 2));
    if (flags.junit !== undefined) await writeFile(flags.junit, junitReport(report));
    const failed = report.results.filter(({ outcome }) => outcome.kind === "failed").length;
    if (failed > 0) throw new CliFailure(`${failed} of ${report.results.length} items failed`);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function listItems(flags: ConformanceFlags, context: Context): void {
  const selected = selectItems(flags.item ?? []);
  if (flags.json) {
    context.print(
      JSON.stringify(
        selected.map(({ run: _, ...item }) => item),
        undefined,
        2,
      ),
    );
    return;
  }
  const width = Math.max(...items.map(({ id }) => id.length));
  for (const { id, title } of selected) context.print(`${id.padEnd(width)}  ${title}`);
}

async function requireMachine(path: string): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new CliFailure(
      "the suite makes network namespaces and needs root: sudo substrate conformance …",
      2,
    );
  }
  const missing = await missingPrograms(path);
  if (missing.length > 0) {
    throw new CliFailure(
      `this machine lacks ${missing.join(", ")}; on Debian: apt-get install iproute2 nftables util-linux tini`,
      2,
    );
  }
}

/** How to run one item alone, with everything else as it was. */
function repeatCommand(words: readonly string[], flags: ConformanceFlags, command: Command, seed: number) {
  const given = command.options.flatMap((option) => {
    const value = flags[option.attributeName() as keyof ConformanceFlags];
    const name = option.long ?? "";
    if (value === undefined || ["--item", "--seed", "--json", "--junit"].includes(name)) return [];
    if (command.getOptionValueSource(option.attributeName()) === "default") return [];
    if (typeof value === "object") {
      return Object.entries(value).flatMap(([key, text]) => [name, quote(`${key}=${text}`)]);
    }
    return value === true ? [name] : [name, quote(String(value))];
  });
  const tail = words.length > 0 ? ["--", ...words.map(quote)] : [];
  return (id: string) =>
    ["substrate conformance", ...given, "--seed", String(seed), "--item", id, ...tail].join(" ");
}

/** For whoever copies it into a shell; nothing here runs one. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

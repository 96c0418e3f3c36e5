import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "../context.ts";
import { examples } from "../verbs.ts";
import {
  classOption,
  imageOption,
  type NodeFlags,
  nodeOption,
  pauseImageOption,
  snapshotsOption,
  workerOption,
} from "./node-options.ts";
import type { ConformanceFlags } from "./read-settings.ts";

/** `conformance [options] -- COMMAND ARG…`. */
export function registerConformanceCommand(program: Command, context: Context): void {
  const command = program
    .command("conformance")
    .description("prove a sandbox back end right, in whatever language it is written")
    .usage("[options] -- COMMAND ARG…")
    .argument("[command...]", "the back end's program and arguments, as a node starts it without --pod-uid")
    .option("--socket <path>", "a back end that is already running: BASE/ateoms/UID/ateom.sock")
    .option("--worker-address <ip>", "with --socket: where port 80 of its worker is reached")
    .option("--config <file>", "take command, assets (file:// only) and the like from a SandboxConfig")
    .option("--asset <name=path>", "a file that the back end needs; any number of times", addPair("--asset"))
    .option("--env <key=value>", "environment of the back end; any number of times", addPair("--env"))
    .option("--scopes <list>", "what a back end without Describe can do: full, data or both (default both)")
    .option("--single-container", "the same: runs one container a workload")
    .option("--fixed-base-path", "the back end knows no base path but /var/lib/ateom-gvisor")
    .option("--workers-per-process <n>", "so many workers share one process", wholeNumber(1, 16))
    .option("--item <prefix>", "only items whose ids begin so; any number of times", addWord)
    .option("--list", "show the items and run none")
    .option("--cycles <n>", "wakes and checkpoints of leaks/", wholeNumber(1, 100_000), 200)
    .option("--kills <n>", "kills of crash/ during each call", wholeNumber(1, 1_000), 20)
    .option("--seed <n>", "repeats what is random", wholeNumber(0, 2 ** 32 - 1))
    .option("--json", "one JSON document on stdout")
    .option("--junit <file>", "write a JUnit report, too")
    .option("--keep", "leave the folder with all files, and say where it is")
    .addOption(nodeOption)
    .addOption(workerOption)
    .addOption(imageOption)
    .addOption(pauseImageOption)
    .addOption(classOption)
    .addOption(snapshotsOption)
    .addHelpText(
      "after",
      `${examples(
        "conformance -- /opt/my-back-end --verbose",
        'conformance --asset runsc="$(sh setup/runsc-path)" -- node packages/ateom-gvisor/src/main.ts',
        "conformance --scopes data --single-container --item restore/ -- ./run",
        "conformance --config sandbox-config.yaml --junit report.xml",
        "conformance --list",
        "conformance --node 10.0.0.7:8085 --worker w-0=10.0.1.2 --worker w-1=10.0.1.6 --image local/counter@sha256:… --snapshots /srv/snapshots --config sandbox-config.yaml",
      )}
Exit code: 0 all passed, 1 some failed, 2 wrong usage. Needs root. What an item does and which rule it
proves: docs/reference/conformance and docs/reference/back-end-contract.md; of a node supervisor:
docs/reference/node-contract.md.
`,
    )
    .action(async (words: string[], flags: ConformanceFlags & NodeFlags) => {
      if (flags.node !== undefined) {
        const { runNodeCommand } = await import("./run-node.ts");
        return runNodeCommand(words, flags, context);
      }
      const { runCommand } = await import("./run.ts");
      await runCommand(words, flags, context, command);
    });
}

function addPair(option: string) {
  return (text: string, before: Readonly<Record<string, string>> | undefined) => {
    const at = text.indexOf("=");
    if (at < 1) throw new InvalidArgumentError(`${option} should be NAME=VALUE.`);
    return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
  };
}

function addWord(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

function wholeNumber(min: number, max: number) {
  return (text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It should be a whole number, ${min} to ${max}.`);
    }
    return value;
  };
}

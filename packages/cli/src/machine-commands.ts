import type { Command } from "commander";
import { CliFailure } from "./failure.ts";

/** What runs on this machine itself. Its package holds the servers and is loaded for these verbs only. */
const machineVerbs: Readonly<Record<string, string>> = {
  up: "run all of it on this machine",
  demo: "twelve actors on two workers, every answer checked",
  doctor: "what this machine lacks or does slowly, and how to mend it",
};

// Not written as a literal import: the command line is published without the servers.
const standalonePackage = "@agent-substrate/standalone";

interface Standalone {
  registerStandaloneCommands(program: Command): void;
}

/** Options that take a value and may stand before the verb. */
const globalOptions = ["--endpoint", "--token-file", "--timeout"];

/** The verb of a command line, or the one that `help` is asked about, where it is one of these three. */
export function machineVerbOf(argv: readonly string[]): string | undefined {
  const words = argv.filter((word, index) => {
    return !word.startsWith("-") && !globalOptions.includes(argv[index - 1] ?? "");
  });
  const verb = words[0] === "help" ? words[1] : words[0];
  return verb !== undefined && Object.hasOwn(machineVerbs, verb) ? verb : undefined;
}

/** Adds `up`, `demo` and `doctor`; in full where `wanted` is one of them, else by name for the help. */
export async function registerMachineCommands(program: Command, wanted: string | undefined): Promise<void> {
  if (wanted === undefined) {
    for (const [verb, description] of Object.entries(machineVerbs)) {
      program.command(verb).description(description);
    }
    return;
  }
  const { registerStandaloneCommands } = await loadStandalone(wanted);
  registerStandaloneCommands(program);
}

async function loadStandalone(wanted: string): Promise<Standalone> {
  try {
    return (await import(standalonePackage)) as Standalone;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes(standalonePackage)) throw error;
    throw new CliFailure(
      `substrate ${wanted} needs the package ${standalonePackage}, which is not installed here; run it from a checkout as ./substrate ${wanted}`,
    );
  }
}

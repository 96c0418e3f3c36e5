import { type OptionSpec, resolveOptions } from "@agent-substrate/process-kit";
import type { Command } from "commander";
import { demoOptionSpecs, upOptionSpecs } from "./options.ts";
import { requireRoot } from "./require-root.ts";

/** Adds `up`, `demo` and `doctor` to the command line. What they need is loaded when they run. */
export function registerStandaloneCommands(program: Command): void {
  const up = program
    .command("up")
    .description("run all of it on this machine: control plane, router, node supervisor, workers")
    .addHelpText(
      "after",
      examples("sudo ./substrate up", "sudo ./substrate up --data /srv/substrate --workers 8"),
    );
  addOptions(up, upOptionSpecs).action(async (flags: Flags) => {
    requireRoot("up");
    const options = resolveOptions(upOptionSpecs, wordsOf(flags), process.env);
    const { runUp } = await import("./up/run-up.ts");
    await runUp(options);
  });

  const demo = program
    .command("demo")
    .description("twelve actors on two workers, every answer checked; exit code 0 when all were right")
    .option("--keep", "leave it running when it is done")
    .addHelpText("after", examples("sudo ./substrate demo", "sudo ./substrate demo --keep"));
  addOptions(demo, demoOptionSpecs).action(async ({ keep, ...flags }: Flags & { keep?: boolean }) => {
    requireRoot("demo");
    const options = resolveOptions(demoOptionSpecs, wordsOf(flags), process.env);
    const { runDemo } = await import("./demo/run-demo.ts");
    await runDemo({ ...options, keep: keep ?? false });
  });

  program
    .command("doctor")
    .description("what this machine lacks or does slowly, and how to mend it")
    .addHelpText("after", examples("./substrate doctor"))
    .action(async () => {
      const { runDoctor } = await import("./doctor/run-doctor.ts");
      await runDoctor();
    });
}

type Flags = Readonly<Record<string, string>>;

function addOptions(command: Command, specs: Readonly<Record<string, OptionSpec<unknown>>>): Command {
  for (const [name, { help, env }] of Object.entries(specs)) {
    command.option(`--${kebabCase(name)} <value>`, `${help} (env ${env})`);
  }
  return command;
}

function wordsOf(flags: Flags): string[] {
  return Object.entries(flags).map(([name, value]) => `--${kebabCase(name)}=${value}`);
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

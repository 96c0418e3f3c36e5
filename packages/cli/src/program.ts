import { Command, InvalidArgumentError, Option } from "commander";
import { registerActorCommands } from "./actors/register.ts";
import { registerAtespaceCommands } from "./atespaces/register.ts";
import type { CliIo } from "./cli-io.ts";
import { registerConformanceCommand } from "./conformance/register.ts";
import { createContext } from "./context.ts";
import { registerEventCommands } from "./events/register.ts";
import { registerImageCommands } from "./images/register.ts";
import { machineVerbOf, registerMachineCommands } from "./machine-commands.ts";
import { registerResourceCommands } from "./resources/register.ts";
import { createVerbs } from "./verbs.ts";
import { registerWorkerCommands } from "./workers/register.ts";

/** The whole command line. What a verb needs is loaded when it runs. */
export async function createProgram(
  argv: readonly string[],
  io: CliIo,
  signal: AbortSignal,
): Promise<Command> {
  const program = new Command("substrate")
    .description("Many actors, few workers: stateful programs in sandboxes that sleep until somebody asks.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(add --help for what is possible)")
    .addOption(
      new Option("--endpoint <address>", "control plane: host:port, http(s)://host:port or unix:/path")
        .env("SUBSTRATE_ENDPOINT")
        .default("127.0.0.1:7070"),
    )
    .addOption(
      new Option("--token-file <file>", "file with the bearer token (the token itself: SUBSTRATE_TOKEN)").env(
        "SUBSTRATE_TOKEN_FILE",
      ),
    )
    .addOption(
      new Option("--timeout <seconds>", "longest wait for an answer")
        .env("SUBSTRATE_TIMEOUT")
        .default(120)
        .argParser(parseTimeout),
    );

  await registerMachineCommands(program, machineVerbOf(argv));
  const context = createContext(io, signal);
  const verbs = createVerbs(program);
  registerActorCommands(verbs, context);
  registerAtespaceCommands(verbs, context);
  registerWorkerCommands(verbs, context);
  registerEventCommands(verbs, context);
  registerResourceCommands(verbs, program, context);
  registerImageCommands(verbs, program, context);
  registerConformanceCommand(program, context);
  return program;
}

function parseTimeout(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > 3600) {
    throw new InvalidArgumentError("--timeout (SUBSTRATE_TIMEOUT) is a whole number of seconds, 1 to 3600.");
  }
  return seconds;
}

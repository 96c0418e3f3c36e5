// What a caller wants to run, checked before the author sees it.
import { type extensions, InvalidInput } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { WorkloadContainer } from "../back-end.ts";
import type { ExecCommand, TerminalSize } from "../exec-process.ts";

const argumentsMax = 256;
const variablesMax = 256;
/** Of command and environment together; a quarter of what a process may be given on Linux. */
const bytesMax = 128 * 1024;
const pathBytesMax = 4095;
const defaultSize: TerminalSize = { columns: 80, rows: 24 };
const sizeMax = 65535;
const signalMax = 64;

/** Throws `InvalidInput`; NOT_FOUND for a container that the workload has not. */
export function parseExecStart(
  start: extensions.ExecStart,
  containers: readonly WorkloadContainer[],
): ExecCommand {
  const { command, env, cwd } = start;
  if (command.length === 0 || command[0] === "") throw new InvalidInput("start.command", "names no program");
  if (command.length > argumentsMax) throw tooMany("start.command", argumentsMax);
  if (env.length > variablesMax) throw tooMany("start.env", variablesMax);
  refuseNul("start.command", command);
  refuseNul("start.env", env);
  const malformed = env.findIndex((entry) => entry.indexOf("=") < 1);
  if (malformed >= 0) throw new InvalidInput(`start.env[${malformed}]`, "should be NAME=value");
  const bytes = [...command, ...env].reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
  if (bytes > bytesMax) throw new InvalidInput("start", `command and env have more than ${bytesMax} bytes`);
  if (cwd !== "") {
    refuseNul("start.cwd", [cwd]);
    if (!cwd.startsWith("/")) throw new InvalidInput("start.cwd", "should be an absolute path");
    if (Buffer.byteLength(cwd) > pathBytesMax)
      throw new InvalidInput("start.cwd", `is longer than ${pathBytesMax} bytes`);
  }
  return {
    container: findContainer(start.container, containers),
    command,
    env,
    ...(cwd !== "" && { cwd }),
    ...(start.tty && { terminal: start.size ? parseSize("start.size", start.size) : defaultSize }),
  };
}

/** A side that is 0 is the default's: 80 columns, 24 rows. Throws `InvalidInput`. */
export function parseSize(field: string, { columns, rows }: extensions.TerminalSize): TerminalSize {
  if (columns > sizeMax || rows > sizeMax) throw new InvalidInput(field, `should be at most ${sizeMax}`);
  return { columns: columns || defaultSize.columns, rows: rows || defaultSize.rows };
}

/** Throws `InvalidInput`. */
export function parseSignal(signal: number): number {
  if (signal >= 1 && signal <= signalMax) return signal;
  throw new InvalidInput("signal", `${signal} should be 1 to ${signalMax}`);
}

function findContainer(name: string, containers: readonly WorkloadContainer[]): string {
  const found = name === "" ? containers[0] : containers.find((container) => container.name === name);
  if (found) return found.name;
  const names = containers.map((container) => container.name).join(", ");
  throw new ConnectError(`the workload has no container "${name}"; it has ${names}`, Code.NotFound);
}

function tooMany(field: string, max: number): InvalidInput {
  return new InvalidInput(field, `has more than ${max} entries`);
}

function refuseNul(field: string, texts: readonly string[]): void {
  if (texts.some((text) => text.includes("\0"))) throw new InvalidInput(field, "holds a NUL character");
}

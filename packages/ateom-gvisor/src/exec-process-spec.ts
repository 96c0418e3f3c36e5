import type { ExecCommand } from "@agent-substrate/ateom-kit";
import type { OciSpec } from "./oci-spec.ts";

/** What programs that draw are told of a terminal, where nobody else does. */
const defaultTerm = "TERM=xterm";

/** The OCI process of a command: the container's own user, rights and environment, with what it says of its own. */
export function execProcessSpec({ process }: OciSpec, command: ExecCommand): OciSpec["process"] {
  const own = Array.isArray(process.env) ? process.env.map(String) : [];
  const defaults = command.terminal ? [defaultTerm] : [];
  return {
    ...process,
    terminal: command.terminal !== undefined,
    args: command.command,
    env: [...mergeEnvironment(defaults, own, command.env)],
    cwd: command.cwd ?? process.cwd ?? "/",
  };
}

/** Later entries come in the place of earlier ones of their name. */
function mergeEnvironment(...environments: readonly (readonly string[])[]): Iterable<string> {
  const byName = new Map<string, string>();
  for (const entry of environments.flat()) byName.set(entry.slice(0, entry.indexOf("=")), entry);
  return byName.values();
}

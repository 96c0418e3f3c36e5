// Every option has a flag and an environment name; flag before environment before default.
import { parseArgs } from "node:util";

/** One option. Its flag is `--<name in kebab-case>` and its environment name stands here. */
export interface OptionSpec<T> {
  /** One line for `--help`. */
  readonly help: string;
  readonly env: string;
  /** Used where neither flag nor environment says anything; absent: the option is required. */
  readonly default?: T;
  /** Throws an Error whose message completes the sentence "--flag (ENV): …". */
  readonly parse: (text: string) => T;
}

type OptionSpecs = Readonly<Record<string, OptionSpec<unknown>>>;

/** What `resolveOptions` answers: each option's value. */
export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends OptionSpec<infer T> ? T : never;
};

/** A wrong or missing option. The message names flag and environment name. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/**
 * Reads options from `argv` (without program and script) and `env`. Throws `OptionError` for an unknown
 * flag, a value that does not parse, or a required option that is missing.
 */
export function resolveOptions<S extends OptionSpecs>(
  specs: S,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): OptionValues<S> {
  const flags = readFlags(specs, argv);
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const flag = flagName(name);
    const text = flags[flag] ?? (env[spec.env] || undefined);
    if (text !== undefined) values[name] = parseValue(spec, `--${flag} (${spec.env})`, text);
    else if ("default" in spec) values[name] = spec.default;
    else throw new OptionError(`--${flag} (${spec.env}) is required: ${spec.help}`);
  }
  return values as OptionValues<S>;
}

function readFlags(specs: OptionSpecs, argv: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(
    Object.keys(specs).map((name) => [flagName(name), { type: "string" as const }]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values as Record<string, string | undefined>;
  } catch (error) {
    throw new OptionError((error as Error).message, { cause: error });
  }
}

function parseValue(spec: OptionSpec<unknown>, where: string, text: string): unknown {
  try {
    return spec.parse(text);
  } catch (error) {
    throw new OptionError(`${where}: ${(error as Error).message}`, { cause: error });
  }
}

function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

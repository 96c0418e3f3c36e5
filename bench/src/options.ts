import { parseArgs } from "node:util";

export const benchmarkNames = ["wake", "suspend"] as const;

export interface BenchOptions {
  readonly benchmark: (typeof benchmarkNames)[number];
  /** Measured rounds, 1..1000. */
  readonly rounds: number;
  readonly isJson: boolean;
  /** Absolute path of the runsc that both sides run. */
  readonly runsc: string;
}

export const usage = `npm run bench -- wake|suspend [--n ROUNDS] [--json]

  wake      a request to a sleeping actor through the router, until its whole answer is here,
            against: runsc restore of the same snapshot until the first answer
  suspend   SuspendActor of a running actor, against: runsc checkpoint, and fsync of what it wrote

  --n       measured rounds; default 40, at most 1000. Each measures both sides, in changing order.
  --json    prints every measurement as JSON instead of the tables (npm run -s bench -- … --json)

It needs root. Progress goes to stderr.`;

export class UsageError extends Error {}

/** Throws `UsageError`; answers "help" where that was asked for. */
export function readOptions(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): BenchOptions | "help" {
  const { values, positionals } = parse(words);
  if (values.help) return "help";
  const benchmark = benchmarkNames.find((name) => name === positionals[0]);
  if (!benchmark || positionals.length > 1) {
    throw new UsageError(`say which benchmark: ${benchmarkNames.join(" or ")}`);
  }
  const rounds = Number(values.n);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000) {
    throw new UsageError(`--n is "${values.n}": it should be a whole number of 1..1000`);
  }
  const runsc = env.SUBSTRATE_RUNSC;
  if (!runsc) throw new UsageError("SUBSTRATE_RUNSC is not set: start this by npm run bench, which sets it");
  return { benchmark, rounds, isJson: values.json, runsc };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        n: { type: "string", default: "40" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

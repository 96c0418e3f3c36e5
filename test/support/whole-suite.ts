import { type ConformanceRun, runConformance } from "@agent-substrate/conformance";

/** Every item of the conformance suite on a back end of this repository, with few cycles and kills. */
export function wholeSuite(
  program: URL,
  options: {
    readonly assets?: Readonly<Record<string, string>>;
    readonly cycles: number;
    readonly kills: number;
  },
  signal: AbortSignal,
): Promise<ConformanceRun> {
  return runConformance({
    backEnd: { kind: "command", command: [process.execPath, program.pathname] },
    assets: options.assets ?? {},
    items: [],
    scopes: [],
    severalContainers: false,
    workersPerProcess: 1,
    isFixedBasePath: false,
    env: {},
    cycles: options.cycles,
    kills: options.kills,
    seed: 2,
    signal,
  });
}

/** What did not pass, with what was seen where it failed. */
export function notPassed({ report }: ConformanceRun): [id: string, outcome: string, seen: string][] {
  return report.results
    .filter(({ outcome }) => outcome.kind !== "passed")
    .map(({ id, outcome }) => [id, outcome.kind, outcome.kind === "failed" ? outcome.seen : ""]);
}

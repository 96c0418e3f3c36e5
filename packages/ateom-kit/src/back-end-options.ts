import { parseArgs } from "node:util";
import { defaultBasePath, InvalidInput, validateDns1123Label } from "@agent-substrate/contract";

/** Workers that one process may serve. */
const workersMax = 64;

/** Settings of a back end's process. What is absent comes from the command line or the environment. */
export interface BackEndOptions {
  /** One worker each, 1..64. Default: `--pod-uid=<uid>`, repeated. */
  readonly podUids?: readonly string[];
  /** Default: `ATE_BASE_PATH`, else the contract's path. */
  readonly basePath?: string;
  /**
   * `namespaces` (default): the world that the contract describes. `loopback` (or `ATE_NETWORK`): no
   * namespaces and no rules, for tests without the right to make them.
   */
  readonly network?: "namespaces" | "loopback";
  /** Ends the process when its stdin ends. Default: whether `ATE_PARENT_GUARD` is `stdin`. */
  readonly endsWithStdin?: boolean;
  /** Default: whether `ATE_LOG_LEVEL` is `debug`. */
  readonly isDebug?: boolean;
}

/** Fills in what is absent. Throws `InvalidInput`. */
export function resolveBackEndOptions(
  options: BackEndOptions,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Required<BackEndOptions> {
  const podUids = options.podUids ?? readPodUids(argv);
  if (podUids.length === 0) throw new InvalidInput("--pod-uid", "is required");
  if (podUids.length > workersMax)
    throw new InvalidInput("--pod-uid", `is given more than ${workersMax} times`);
  if (new Set(podUids).size !== podUids.length) throw new InvalidInput("--pod-uid", "names a worker twice");
  for (const uid of podUids) validateDns1123Label("--pod-uid", uid);
  const network = options.network ?? env.ATE_NETWORK ?? "namespaces";
  if (network !== "namespaces" && network !== "loopback") {
    throw new InvalidInput("ATE_NETWORK", `"${network}" should be namespaces or loopback`);
  }
  return {
    podUids,
    basePath: options.basePath ?? env.ATE_BASE_PATH ?? defaultBasePath,
    network,
    endsWithStdin: options.endsWithStdin ?? env.ATE_PARENT_GUARD === "stdin",
    isDebug: options.isDebug ?? env.ATE_LOG_LEVEL === "debug",
  };
}

function readPodUids(argv: readonly string[]): readonly string[] {
  const { values } = parseArgs({
    args: [...argv],
    options: { "pod-uid": { type: "string", multiple: true } },
    allowPositionals: false,
  });
  return values["pod-uid"] ?? [];
}

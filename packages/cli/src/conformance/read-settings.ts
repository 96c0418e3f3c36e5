import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConformanceOptions, SnapshotScope } from "@agent-substrate/conformance";
import { parseYamlResources, type SandboxConfig } from "@agent-substrate/contract";
import { CliFailure } from "../failure.ts";

/** The command line as commander gives it. */
export interface ConformanceFlags {
  readonly socket?: string;
  readonly workerAddress?: string;
  readonly config?: string;
  readonly asset?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly scopes?: string;
  readonly singleContainer?: boolean;
  readonly fixedBasePath?: boolean;
  readonly workersPerProcess?: number;
  readonly item?: readonly string[];
  readonly list?: boolean;
  readonly cycles: number;
  readonly kills: number;
  readonly seed?: number;
  readonly json?: boolean;
  readonly junit?: string;
  readonly keep?: boolean;
}

/** What the suite is to do. Throws `CliFailure` with exit code 2 for what the user can mend. */
export async function readSettings(
  words: readonly string[],
  flags: ConformanceFlags,
): Promise<ConformanceOptions> {
  const config = flags.config === undefined ? undefined : await readConfig(flags.config);
  const command = words.length > 0 ? words : (config?.spec.localCommand ?? []);
  const assets = { ...(config && configAssets(config)), ...flags.asset };
  for (const [name, path] of Object.entries(assets)) {
    if (!isAbsolute(path)) throw usage(`--asset ${name}: ${path} should be an absolute path`);
  }
  return {
    backEnd: flags.socket === undefined ? commandBackEnd(command) : socketBackEnd(flags, words),
    env: flags.env ?? {},
    assets,
    scopes: readScopes(flags.scopes),
    severalContainers: flags.singleContainer !== true,
    isFixedBasePath: flags.fixedBasePath ?? config?.spec.fixedBasePath ?? false,
    workersPerProcess: flags.workersPerProcess ?? Math.min(config?.spec.workersPerProcess ?? 1, 16),
    items: flags.item ?? [],
    cycles: flags.cycles,
    kills: flags.kills,
    seed: flags.seed ?? Math.floor(Math.random() * 2 ** 32),
    keep: flags.keep ?? false,
  };
}

function commandBackEnd(command: readonly string[]): ConformanceOptions["backEnd"] {
  const [program = "", ...args] = command;
  if (program === "") {
    throw usage("say which back end: -- COMMAND ARG…, --config FILE with a localCommand, or --socket PATH");
  }
  // The back end is started in this folder, but a relative path would be lost on whoever reads the report.
  return { kind: "command", command: [program.includes("/") ? resolve(program) : program, ...args] };
}

function socketBackEnd(flags: ConformanceFlags, words: readonly string[]): ConformanceOptions["backEnd"] {
  if (words.length > 0) throw usage("give either --socket or -- COMMAND");
  const socket = resolve(flags.socket ?? "");
  const match = /^(\/.*)\/ateoms\/([^/]+)\/ateom\.sock$/.exec(socket);
  if (!match) throw usage(`--socket: ${socket} should be BASE/ateoms/UID/ateom.sock`);
  if (flags.workerAddress === undefined) {
    throw usage("--socket needs --worker-address, where port 80 of the worker is reached from here");
  }
  const [, basePath = "", uid = ""] = match;
  return { kind: "socket", basePath, uid, workerAddress: flags.workerAddress };
}

function readScopes(text: string | undefined): readonly SnapshotScope[] {
  if (text === undefined) return ["full", "data"];
  const scopes = text.split(",");
  for (const scope of scopes) {
    if (scope !== "full" && scope !== "data") throw usage(`--scopes: "${scope}" should be full or data`);
  }
  return scopes as SnapshotScope[];
}

async function readConfig(file: string): Promise<SandboxConfig> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw usage(`--config: cannot read ${file} (${error.code})`);
  });
  const resources = parseYamlResources(text, { file });
  const config = resources.find(({ kind }) => kind === "SandboxConfig");
  if (!config) throw usage(`--config: ${file} holds no SandboxConfig`);
  return config as SandboxConfig;
}

/** The files of this architecture. */
function configAssets(config: SandboxConfig): Record<string, string> {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const assets: Record<string, string> = {};
  for (const [name, { url }] of Object.entries(config.spec.assets[arch] ?? {})) {
    if (!url.startsWith("file://")) {
      throw usage(`--config: the asset ${name} is at ${url}; bring it here and give --asset ${name}=PATH`);
    }
    assets[name] = fileURLToPath(url);
  }
  return assets;
}

function usage(message: string): CliFailure {
  return new CliFailure(message, 2);
}

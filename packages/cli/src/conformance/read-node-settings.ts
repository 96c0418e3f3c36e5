import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { NodeSettings } from "@agent-substrate/conformance/node";
import { InvalidInput, parseYamlResources, type SandboxConfig } from "@agent-substrate/contract";
import { CliFailure } from "../failure.ts";
import type { NodeFlags } from "./node-options.ts";
import type { ConformanceFlags } from "./read-settings.ts";

type Flags = NodeFlags & Pick<ConformanceFlags, "asset" | "config" | "item">;
type Assets = NodeSettings["assets"];

/** What the suite is to do with a node. Throws `CliFailure` with exit code 2 for what the user can mend. */
export async function readNodeSettings(words: readonly string[], flags: Flags): Promise<NodeSettings> {
  if (words.length > 0) throw usage("give either --node or -- COMMAND");
  const config = flags.config === undefined ? undefined : await readConfig(flags.config);
  const architecture = process.arch === "arm64" ? "arm64" : "amd64";
  const sandboxClass = flags.class ?? config?.spec.sandboxClass;
  if (sandboxClass === undefined) throw usage("--node needs --class or --config");
  const workers = Object.entries(flags.worker ?? {}).map(([uid, address]) => ({ uid, address }));
  if (workers.length === 0) throw usage("--node needs --worker UID=ADDRESS, twice for all items");
  if (flags.image === undefined) throw usage("--node needs --image, which the node can find");
  return {
    address: readAddress(flags.node ?? ""),
    workers,
    image: flags.image,
    pauseImage: flags.pauseImage ?? "",
    sandboxClass,
    architecture,
    assets: { ...config?.spec.assets[architecture], ...(await readAssets(flags.asset ?? {})) },
    snapshots: await readFolder(flags.snapshots),
    items: flags.item ?? [],
  };
}

function readAddress(text: string): string {
  if (/^(unix:\/[^/]|[^/@?#\s]+:\d+$)/.test(text)) return text;
  throw usage("--node should be HOST:PORT or unix:/absolute/path");
}

async function readFolder(path: string | undefined): Promise<string> {
  if (path === undefined) throw usage("--node needs --snapshots, a folder that the node reaches, too");
  const found = isAbsolute(path) ? await stat(path).catch(() => undefined) : undefined;
  if (!found?.isDirectory()) throw usage(`--snapshots: ${path} should be the absolute path of a folder`);
  return path;
}

/** Files of this machine, which the node reaches at the same path. */
async function readAssets(paths: Readonly<Record<string, string>>): Promise<Assets> {
  const entries = Object.entries(paths).map(async ([name, path]) => {
    if (!isAbsolute(path)) throw usage(`--asset ${name}: ${path} should be an absolute path`);
    const hash = createHash("sha256");
    try {
      for await (const chunk of createReadStream(path)) hash.update(chunk);
    } catch (error) {
      throw usage(`--asset ${name}: cannot read ${path} (${(error as NodeJS.ErrnoException).code})`);
    }
    return [name, { url: pathToFileURL(path).href, sha256: hash.digest("hex") }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function readConfig(file: string): Promise<SandboxConfig> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw usage(`--config: cannot read ${file} (${error.code})`);
  });
  try {
    const config = parseYamlResources(text, { file }).find(({ kind }) => kind === "SandboxConfig");
    if (config) return config as SandboxConfig;
  } catch (error) {
    throw error instanceof InvalidInput ? usage(`--config: ${error.message}`) : error;
  }
  throw usage(`--config: ${file} holds no SandboxConfig`);
}

function usage(message: string): CliFailure {
  return new CliFailure(message, 2);
}

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a program may leave behind on a machine. Each list holds names that people can search for. */
export interface HostState {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly namespaces: readonly string[];
  readonly nftTables: readonly string[];
  readonly links: readonly string[];
  readonly routes: readonly string[];
  readonly ipForward: readonly string[];
  readonly files: readonly string[];
}

/** Reads the state of this machine: of processes and files, only what could be ours. */
export async function readHostState(): Promise<HostState> {
  const [processes, mounts, namespaces, nftTables, links, routes, ipForward, files] = await Promise.all([
    ourProcesses(),
    linesOf("/proc/self/mounts"),
    namesIn("/run/netns"),
    outputLines("nft", ["list", "tables"]),
    outputLines("ip", ["-brief", "link"]).then((lines) => lines.map((line) => line.split(/[@\s]/)[0] ?? "")),
    outputLines("ip", ["route", "show", "table", "all"]),
    linesOf("/proc/sys/net/ipv4/ip_forward"),
    Promise.all(["/tmp", "/run", "/var/lib"].map(ourFilesIn)).then((lists) => lists.flat()),
  ]);
  return { processes, mounts, namespaces, nftTables, links, routes, ipForward, files };
}

/** One line for each thing that `after` has and `before` had not, or the other way round. */
export function differences(before: HostState, after: HostState): string[] {
  const names = Object.keys(before) as (keyof HostState)[];
  return names.flatMap((name) => [
    ...missingFrom(before[name], after[name]).map((item) => `${name}: + ${item}`),
    ...missingFrom(after[name], before[name]).map((item) => `${name}: - ${item}`),
  ]);
}

function missingFrom(list: readonly string[], other: readonly string[]): string[] {
  const known = new Set(list);
  return other.filter((item) => !known.has(item));
}

async function ourProcesses(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map(describeProcess));
  return lines.filter((line) => /runsc|\/packages\/|tini|substrate/.test(line));
}

async function describeProcess(pid: string): Promise<string> {
  // A process may end while it is looked at.
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return `${pid} ${command.replaceAll("\0", " ").trim()}`;
}

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, "utf8")).split("\n").filter(Boolean);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function ourFilesIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return names.filter((name) => /substrate|runsc|ateom/.test(name)).map((name) => `${folder}/${name}`);
}

async function outputLines(command: string, args: string[]): Promise<string[]> {
  const { stdout } = await run(command, args);
  return stdout.split("\n").filter(Boolean);
}

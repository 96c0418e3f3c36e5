import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a program may leave behind on a machine, as lines that people can search for. */
export type HostState = Readonly<Record<(typeof kinds)[number], readonly string[]>>;

const kinds = [
  "processes",
  "mounts",
  "namespaces",
  "nftTables",
  "links",
  "routes",
  "settings",
  "files",
] as const;

/** Reads all that is there; meant for a world where nobody else is at work. */
export async function readHostState(): Promise<HostState> {
  // The first `ip netns add` of a machine's life leaves a mount on /run/netns, whoever calls it.
  await run("ip", ["netns", "add", "first"]);
  await run("ip", ["netns", "del", "first"]);
  return {
    processes: await processes(),
    mounts: await linesOf("/proc/self/mounts"),
    namespaces: await readdir("/run/netns"),
    nftTables: await outputLines("nft", "list", "tables"),
    links: await outputLines("ip", "-brief", "link"),
    routes: await outputLines("ip", "route", "show", "table", "all"),
    settings: await linesOf("/proc/sys/net/ipv4/ip_forward"),
    files: [...(await filesIn(tmpdir())), ...(await filesIn("/run"))].filter(
      (path) => !machineFiles.has(path),
    ),
  };
}

/**
 * What belongs to the machine: a lock stays, since who removes one takes it from whoever waits for it, and
 * util-linux makes a folder for its table of mounts at the first `umount`.
 */
const machineFiles = new Set(["/run/substrate-network.lock", "/run/mount"]);

/**
 * One line for each thing that only one of the two has. A mount that is gone is none: those that a new
 * mount namespace was born with end with what they show.
 */
export function differences(before: HostState, after: HostState): string[] {
  return kinds.flatMap((kind) => [
    ...missingFrom(before[kind], after[kind]).map((line) => `${kind}: + ${line}`),
    ...(kind === "mounts" ? [] : missingFrom(after[kind], before[kind]).map((line) => `${kind}: - ${line}`)),
  ]);
}

function missingFrom(lines: readonly string[], others: readonly string[]): string[] {
  return others.filter((line) => !lines.includes(line));
}

async function processes(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(pids.map(describeProcess));
}

async function describeProcess(pid: string): Promise<string> {
  // A process may end while it is looked at.
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return `${pid} ${command.replaceAll("\0", " ").trim()}`;
}

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, "utf8")).split("\n").filter(Boolean);
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((name) => `${folder}/${name}`);
}

async function outputLines(command: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await run(command, args);
  return stdout.split("\n").filter(Boolean);
}

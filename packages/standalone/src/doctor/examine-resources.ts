import { execFile } from "node:child_process";
import { readFile, stat, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { type Finding, lacks, ok, slow } from "./finding.ts";

const run = promisify(execFile);
const gibibyte = 1024 ** 3;

export async function examineRuntime(path: string | undefined): Promise<Finding> {
  if (!path) return lacks("sandbox runtime", "no runsc was found", "npm run setup, or set SUBSTRATE_RUNSC");
  try {
    const { stdout } = await run(path, ["--version"]);
    return ok("sandbox runtime", `${path} (${stdout.split("\n")[0]})`);
  } catch (error) {
    return lacks("sandbox runtime", `${path} does not run: ${(error as Error).message}`, "npm run setup");
  }
}

/** A snapshot of an actor has the size of its memory, and images are unpacked beside it. */
const diskBytesMin = 5 * gibibyte;

export async function examineDisk(folder: string): Promise<Finding> {
  const existing = await nearestFolder(folder);
  const { bavail, bsize } = await statfs(existing);
  const freeBytes = bavail * bsize;
  const text = `${(freeBytes / gibibyte).toFixed(1)} GiB free for ${folder}`;
  if (freeBytes >= diskBytesMin) return ok("disk", text);
  return slow("disk", text, "free some space, or choose another folder with --data (SUBSTRATE_DATA)");
}

const memoryBytesMin = gibibyte;

export async function examineMemory(meminfo?: string): Promise<Finding> {
  const text = meminfo ?? (await readFile("/proc/meminfo", "utf8"));
  const freeBytes = Number(/^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
  const free = `${(freeBytes / gibibyte).toFixed(1)} GiB available`;
  if (freeBytes >= memoryBytesMin) return ok("memory", free);
  return slow("memory", free, "a running actor needs 20 MiB and its own memory: use few workers");
}

export async function examineControlGroups(): Promise<Finding> {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  const version = / \/sys\/fs\/cgroup cgroup2 /.test(mounts)
    ? "v2"
    : / cgroup /.test(mounts)
      ? "v1"
      : undefined;
  return ok("control groups", version ?? "none; the limits of a pool cannot be kept here");
}

export async function examinePort(port: number, env: string, flag: string): Promise<Finding> {
  const server = createServer();
  const fault = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once("error", resolve).listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
  const subject = `port ${port}`;
  if (!fault) return ok(subject, "free");
  return slow(subject, `taken (${fault.code})`, `choose another with ${flag} (${env}), or stop who has it`);
}

async function nearestFolder(folder: string): Promise<string> {
  const there = await stat(folder).catch(() => undefined);
  return there || folder === "/" ? folder : nearestFolder(dirname(folder));
}

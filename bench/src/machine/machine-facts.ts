import { execFile } from "node:child_process";
import { readFile, statfs } from "node:fs/promises";
import { arch, cpus, release, tmpdir, totalmem } from "node:os";
import { promisify } from "node:util";

/** On what was measured. Nothing in it names the machine. */
export type MachineFacts = Readonly<Record<string, string>>;

export async function readMachineFacts(runsc: string): Promise<MachineFacts> {
  const processors = cpus();
  return {
    processors: `${processors.length} × ${processors[0]?.model.trim() ?? "unknown"} (${arch()})`,
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    kernel: `Linux ${release()}${await expeditedGracePeriods()}`,
    distribution: await distribution(),
    "file system": await fileSystem(tmpdir()),
    "Node.js": process.version,
    runsc: await runscVersion(runsc),
  };
}

/** Changes how long a sandbox takes to start, on both sides. */
async function expeditedGracePeriods(): Promise<string> {
  const value = await readFile("/sys/kernel/rcu_expedited", "utf8").catch(() => "unknown");
  return `, rcu_expedited ${value.trim()}`;
}

async function distribution(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(text)?.[1] ?? "unknown";
}

async function fileSystem(path: string): Promise<string> {
  const names: Readonly<Record<number, string>> = {
    61267: "ext4",
    16914836: "tmpfs",
    1481003842: "xfs",
    2435016766: "btrfs",
    2035054128: "overlay",
  };
  const { type } = await statfs(path);
  return names[type] ?? `type 0x${type.toString(16)}`;
}

async function runscVersion(runsc: string): Promise<string> {
  const { stdout } = await promisify(execFile)(runsc, ["--version"], { timeout: 10_000 });
  return stdout.split("\n", 1)[0]?.replace(/^runsc version /, "") ?? "unknown";
}

import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { release } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type Finding, lacks, ok, slow } from "./finding.ts";

const packagesFile = resolve(import.meta.dirname, "../../../../setup/system-packages.txt");

export async function examineRoot(): Promise<Finding> {
  if (process.geteuid?.() === 0) return ok("user", "root");
  return lacks("user", "not root, which sandboxes and their networks need", "sudo ./substrate up");
}

/** What gVisor's platform `systrap` and the network of the workers are known to work with. */
const oldestKernel = [5, 10] as const;

export async function examineKernel(kernel: string = release()): Promise<Finding> {
  const [major = 0, minor = 0] = kernel.split(".").map(Number);
  const [leastMajor, leastMinor] = oldestKernel;
  if (process.platform === "linux" && (major > leastMajor || (major === leastMajor && minor >= leastMinor))) {
    return ok("kernel", kernel);
  }
  return lacks("kernel", `${process.platform} ${kernel}`, `use Linux ${oldestKernel.join(".")} or later`);
}

/** The commands that setup/system-packages.txt names. */
export async function examineCommands(list?: string): Promise<Finding> {
  const lines = (list ?? (await readFile(packagesFile, "utf8"))).split("\n");
  const named = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const missing: { command: string; from: string }[] = [];
  for (const line of named) {
    const [command = "", from = ""] = line.trim().split(/\s+/);
    if (!(await isOnPath(command))) missing.push({ command, from });
  }
  if (missing.length === 0) return ok("commands", `all ${named.length} are there`);
  return lacks(
    "commands",
    `no ${missing.map(({ command }) => command).join(", ")}`,
    `apt-get install --no-install-recommends ${[...new Set(missing.map(({ from }) => from))].join(" ")}`,
  );
}

async function isOnPath(command: string): Promise<boolean> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, command), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** Its grace periods stand in the way of each start of a process with many threads. */
export async function examineGracePeriods(path = "/sys/kernel/rcu_expedited"): Promise<Finding> {
  const value = await readFile(path, "utf8").catch(() => undefined);
  if (value === undefined) return ok("rcu", "not adjustable on this kernel");
  if (value.trim() !== "0") return ok("rcu", "grace periods are expedited");
  return slow(
    "rcu",
    "grace periods are not expedited, which costs gVisor of before July 2026 some 10 ms a wake",
    `echo 1 >${path}`,
  );
}

export async function examineForwarding(path = "/proc/sys/net/ipv4/ip_forward"): Promise<Finding> {
  const value = (await readFile(path, "utf8")).trim();
  return ok(
    "forwarding",
    value === "1" ? "on" : "off; `up` turns it on for its workers alone, and off again when it ends",
  );
}

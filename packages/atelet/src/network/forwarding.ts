// Workers need the machine to forward their packets. Where it did not forward before, it forwards for
// workers only: a guard table refuses everybody else, and whoever stops last takes both away again.
// Callers hold the machine lock.
import { readFile, writeFile } from "node:fs/promises";
import { runCommand, runUnless } from "../run-command.ts";
import { formatRange, type Ipv4Range } from "./ipv4-range.ts";

const switchPath = "/proc/sys/net/ipv4/ip_forward";
const guardTable = "inet substrate-forwarding";
const nodeTablePattern = /^table inet substrate-[a-f0-9]{8}$/;

/** Lets this range be forwarded. */
export async function allowForwarding(range: Ipv4Range): Promise<void> {
  const tables = await listTables();
  if (tables.includes(`table ${guardTable}`)) {
    await runCommand(["nft", "-f", "-"], `add element ${guardTable} workers { ${formatRange(range)} }\n`);
    return;
  }
  if ((await readFile(switchPath, "utf8")).trim() !== "0") return;
  // The guard comes first: nothing is forwarded without it.
  await runCommand(["nft", "-f", "-"], guardRules(range));
  await writeFile(switchPath, "1");
}

/** Takes the permission back; the last one restores the machine. Called after the node's own table is gone. */
export async function disallowForwarding(range: Ipv4Range): Promise<void> {
  const tables = await listTables();
  if (!tables.includes(`table ${guardTable}`)) return;
  if (tables.some((table) => nodeTablePattern.test(table))) {
    await runUnless(
      "No such file",
      ["nft", "-f", "-"],
      `delete element ${guardTable} workers { ${formatRange(range)} }\n`,
    );
    return;
  }
  await writeFile(switchPath, "0");
  await runCommand(["nft", "delete", "table", ...guardTable.split(" ")]);
}

function guardRules(range: Ipv4Range): string {
  return `table ${guardTable} {
  set workers {
    type ipv4_addr
    flags interval
    elements = { ${formatRange(range)} }
  }
  chain forward {
    type filter hook forward priority filter - 20; policy accept
    meta nfproto ipv4 ct state new ip saddr != @workers drop
  }
}
`;
}

async function listTables(): Promise<string[]> {
  return (await runCommand(["nft", "list", "tables"])).split("\n").map((line) => line.trim());
}

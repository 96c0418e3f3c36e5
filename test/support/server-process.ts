import { readdir, readFile } from "node:fs/promises";
import type { Substrate } from "./start-substrate.ts";

/** The process of one of the servers that a substrate started. */
export async function serverPid(
  substrate: Substrate,
  server: "ateapi" | "atelet" | "atenet",
): Promise<number> {
  for (const name of await readdir("/proc")) {
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    const words = command.split("\0");
    const isServer = words[1]?.endsWith(`/${server}/src/main.ts`);
    if (isServer && words.some((word) => word.includes(substrate.data))) return Number(name);
  }
  throw new Error(`no ${server} of ${substrate.data} runs`);
}

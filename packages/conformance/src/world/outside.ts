import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { outsideNetns } from "./node-network.ts";

const program = fileURLToPath(new URL("./outside-program.mjs", import.meta.url));

/** TCP: says `from <address>` and echoes; at `outsideAddress` and at the metadata address. */
export const outsidePort = 7000;

/** Starts what answers on the machine outside; resolves when it listens. */
export async function startOutside(): Promise<ChildProcess> {
  const child = fork(program, {
    execPath: "nsenter",
    execArgv: [`--net=/run/netns/${outsideNetns}`, process.execPath],
  });
  await once(child, "message");
  return child;
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Makes a FIFO for this user alone at each path; nothing must be there. */
export async function makeNamedPipe(...paths: readonly string[]): Promise<void> {
  await promisify(execFile)("mkfifo", ["-m", "0600", ...paths], { timeout: 10_000 });
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Makes a FIFO for this user alone at a path where nothing is. */
export async function makeNamedPipe(path: string): Promise<void> {
  await promisify(execFile)("mkfifo", ["-m", "0600", path], { timeout: 10_000 });
}

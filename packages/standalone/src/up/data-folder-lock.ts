import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import type { DataFolder } from "./data-folder.ts";
import { readRunningFacts } from "./running-facts.ts";

/** Exit code by which `flock` tells that somebody else has the lock. */
const heldByOther = 75;

/**
 * Takes the data folder for this process, or says who has it. The kernel's lock is held by a child that
 * lives exactly as long as the pipe to it: however this process ends, the folder is free again.
 */
export async function lockDataFolder(folder: DataFolder): Promise<AsyncDisposable> {
  await mkdir(folder.run, { recursive: true, mode: 0o755 });
  // `cat` says back what it hears, which tells that the lock is held, and ends with its input.
  const holder = spawn(
    "flock",
    ["--nonblock", "--conflict-exit-code", String(heldByOther), folder.lock, "cat"],
    { stdio: ["pipe", "pipe", "ignore"], detached: true },
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    holder.once("error", reject);
    holder.once("exit", resolve);
  });
  const held = new Promise<"held">((resolve) => holder.stdout.once("data", () => resolve("held")));
  // The holder may be gone before it reads: the exit tells why.
  holder.stdin.on("error", () => undefined);
  holder.stdin.write("held\n");
  const outcome = await Promise.race([held, ended]);
  if (outcome !== "held") throw new Error(await conflict(folder, outcome));
  holder.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      holder.ref();
      holder.stdin.end();
      await ended;
    },
  };
}

async function conflict(folder: DataFolder, exitCode: number | null): Promise<string> {
  if (exitCode !== heldByOther) return `cannot lock ${folder.lock}: flock ended with ${exitCode}`;
  const facts = await readRunningFacts(folder.facts);
  const who = facts ? `process ${facts.pid} (API ${facts.apiAddress})` : "another process";
  return `the data folder ${folder.root} is in use by ${who}; stop that one, or choose another with --data`;
}

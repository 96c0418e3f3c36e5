import { spawn } from "node:child_process";
import { once } from "node:events";

const lockPath = "/run/substrate-network.lock";
const lockTimeoutSeconds = 30;

/**
 * Serialises what installations on one machine do to what they share (forwarding and its guard). The
 * lock is held by a child that ends with its stdin, so that it never outlives this process.
 */
export async function withMachineLock<T>(task: () => Promise<T>): Promise<T> {
  const holder = spawn("flock", ["--wait", String(lockTimeoutSeconds), lockPath, "cat"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  holder.stdin.on("error", () => undefined);
  const ended = once(holder, "close");
  ended.catch(() => undefined);
  try {
    // cat runs once the lock is held, and only then answers.
    holder.stdin.write("held\n");
    const answer = await Promise.race([once(holder.stdout, "data"), ended]);
    if (!Buffer.isBuffer(answer[0])) {
      throw new Error(`${lockPath} is held by another process since ${lockTimeoutSeconds} s`);
    }
    return await task();
  } finally {
    holder.stdin.end();
    await ended.catch(() => undefined);
  }
}

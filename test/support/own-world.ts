import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** Lays out the new namespaces, then becomes a reaper and the program. */
const layOut = 'mount -t tmpfs run /run && mkdir /run/netns && ip link set lo up && exec tini -- "$@"';

/**
 * Runs a Node program in process, network and mount namespaces of its own, with an empty /run and TMPDIR:
 * whatever is there afterwards, the program left. Throws when it fails; answers its stdout.
 */
export async function runInOwnWorld(program: string, ...args: string[]): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), "w-"));
  // Servers that are not root pass through it.
  await chmod(temporary, 0o711);
  // A test that is itself ended takes its world with it.
  const own = ["--pdeathsig", "KILL", "--", "unshare", "--net", "--mount", "--pid", "--mount-proc"];
  const become = ["--fork", "--kill-child", "sh", "-c", layOut, "sh", process.execPath, program, ...args];
  const child = spawn("setpriv", [...own, ...become], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary, SUBSTRATE_NO_INSTALL: "1" },
  });
  try {
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

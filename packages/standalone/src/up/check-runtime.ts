import { execFile } from "node:child_process";
import { promisify } from "node:util";

const timeoutMs = 10_000;

/** Rejects where the path is not gVisor's runsc, before anything is started that would fail much later by it. */
export async function checkRuntime(runsc: string): Promise<void> {
  let seen: string;
  try {
    const { stdout } = await promisify(execFile)(runsc, ["--version"], { timeout: timeoutMs });
    if (stdout.startsWith("runsc version")) return;
    seen = "it does not say so itself";
  } catch (error) {
    seen = (error as Error).message.trim();
  }
  throw new Error(`--runsc (SUBSTRATE_RUNSC): ${runsc} is not gVisor's runsc: ${seen}`);
}

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RequestTarget } from "../requests/send-request.ts";
import { bareAddress, openBareNetwork } from "./bare-network.ts";
import { type BareSandbox, createBareSandbox } from "./bare-sandbox.ts";

/** Where bare sandboxes are made, one at a time. */
export interface Bare extends AsyncDisposable {
  /** A directory on the file system that the product's data folder is on. */
  readonly directory: string;
  /** The actor of the sandbox that runs. */
  readonly target: RequestTarget;
  /** `spec`: what the product gave to runsc. */
  createSandbox(spec: unknown): Promise<BareSandbox>;
}

export async function openBare(runscPath: string): Promise<Bare> {
  await using held = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "substrate-bench-"));
  held.defer(() => removeDirectory(directory));
  const network = held.use(await openBareNetwork());
  const all = held.move();
  return {
    directory,
    target: { address: bareAddress, port: 80, host: bareAddress },
    createSandbox: async (spec) => {
      await network.renew();
      return createBareSandbox({ path: runscPath, directory }, spec, network.netnsPath);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function removeDirectory(directory: string): Promise<void> {
  // Newer releases of runsc leave this mounted; where it is not, there is nothing to do.
  const mounted = join(directory, "root/null-netns");
  await promisify(execFile)("umount", [mounted], { timeout: 10_000 }).catch(() => undefined);
  await rm(directory, { recursive: true, force: true });
}

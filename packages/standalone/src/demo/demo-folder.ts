import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closedFolderAbove } from "../up/unprivileged-user.ts";

/** A data folder for as long as a demo runs. */
export interface DemoFolder extends AsyncDisposable {
  readonly path: string;
}

/** The folder that somebody named, which stays, or a temporary one that is removed in the end. */
export async function openDemoFolder(given: string | undefined): Promise<DemoFolder> {
  if (given !== undefined) return { path: given, [Symbol.asyncDispose]: async () => undefined };
  const path = await mkdtemp(join(await openTemporaryFolder(), "substrate-demo-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Some users have a TMPDIR that servers which are not root may not pass. */
async function openTemporaryFolder(): Promise<string> {
  const preferred = tmpdir();
  return (await closedFolderAbove(join(preferred, "demo"))) === undefined ? preferred : "/tmp";
}

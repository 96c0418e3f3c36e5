// Whether a wake would find its sandbox created ahead, seen from outside: in the records that runsc
// keeps of its containers below each worker's directory.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Whether each of the workers has one sandbox, which was created and not started yet. */
export async function everyWorkerIsPrepared(node: string, workers: number): Promise<boolean> {
  const ateoms = join(node, "ateoms");
  const states = await Promise.all((await readdir(ateoms)).map((uid) => readStates(join(ateoms, uid))));
  return states.length === workers && states.every((of) => of.length === 1 && of[0] === "created");
}

/** The spec of a sandbox that some worker has created ahead, as it was given to runsc. */
export async function readPreparedSpec(node: string): Promise<unknown> {
  const ateoms = join(node, "ateoms");
  for (const uid of await readdir(ateoms)) {
    const sandboxes = join(ateoms, uid, "sandboxes");
    for (const id of await namesIn(sandboxes)) {
      const bundles = join(sandboxes, id, "bundles");
      const [name, ...others] = await namesIn(bundles);
      if (name === undefined || others.length > 0) continue;
      return JSON.parse(await readFile(join(bundles, name, "config.json"), "utf8"));
    }
  }
  throw new Error("no worker has created a sandbox ahead");
}

async function readStates(worker: string): Promise<string[]> {
  const root = join(worker, "runsc");
  const files = (await namesIn(root)).filter((name) => name.endsWith(".state"));
  return Promise.all(files.map((name) => readStatus(join(root, name))));
}

async function readStatus(path: string): Promise<string> {
  try {
    return (JSON.parse(await readFile(path, "utf8")) as { status: string }).status;
  } catch {
    // Removed, or being written.
    return "changing";
  }
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

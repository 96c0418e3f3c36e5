import { readFile, rename, rm, writeFile } from "node:fs/promises";

/** What a running `up` says of itself, for people and programs that look for it. */
export interface RunningFacts {
  readonly pid: number;
  /** `host:port` of the API. */
  readonly apiAddress: string;
  /** `host:port` of the router. */
  readonly routerAddress: string;
}

export async function writeRunningFacts(path: string, facts: RunningFacts): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify(facts)}\n`, { mode: 0o644 });
  await rename(draft, path);
}

/** Undefined where there are none. */
export async function readRunningFacts(path: string): Promise<RunningFacts | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as RunningFacts);
}

export function removeRunningFacts(path: string): Promise<void> {
  return rm(path, { force: true });
}

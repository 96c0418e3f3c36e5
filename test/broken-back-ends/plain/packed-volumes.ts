import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readBundle } from "./bundle.ts";
import { run } from "./run.ts";
import type { Workload } from "./workload.ts";

export const manifestName = "snapshot.json";

/** Packs each durable directory into a file of `folder`, with a manifest; answers the names of the files. */
export async function packVolumes(workload: Workload, folder: string): Promise<string[]> {
  const { volumes } = await readBundle(workload);
  const hashes: Record<string, string> = {};
  for (const [index, volume] of volumes.entries()) {
    const name = `volume-${index}.tar`;
    await run(["tar", "-C", volume, "-cf", join(folder, name), "."]);
    hashes[name] = await sha256(join(folder, name));
  }
  await writeFile(join(folder, manifestName), JSON.stringify(hashes));
  return [manifestName, ...Object.keys(hashes)];
}

/** Throws where a file of `folder` is not as it was packed, before anything is unpacked. */
export async function unpackVolumes(workload: Workload, folder: string): Promise<void> {
  const { volumes } = await readBundle(workload);
  const hashes: unknown = JSON.parse(await readFile(join(folder, manifestName), "utf8"));
  for (const [name, hash] of Object.entries(hashes as Record<string, string>)) {
    if ((await sha256(join(folder, name))) !== hash) throw new Error(`${name} is not as it was packed`);
  }
  for (const [index, volume] of volumes.entries()) {
    await run(["tar", "-C", volume, "-xf", join(folder, `volume-${index}.tar`)]);
  }
}

async function sha256(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

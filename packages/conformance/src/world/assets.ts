import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ContractPaths } from "@agent-substrate/contract";

/** Puts assets where a node keeps them, by their contents; answers asset name -> path there. */
export async function placeAssets(
  assets: Readonly<Record<string, string>>,
  paths: ContractPaths,
): Promise<Readonly<Record<string, string>>> {
  const placed: Record<string, string> = {};
  for (const [name, source] of Object.entries(assets)) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(source), hash);
    const target = paths.cachedAsset(hash.digest("hex"));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target);
    placed[name] = target;
  }
  return placed;
}

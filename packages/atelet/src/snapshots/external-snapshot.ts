// A snapshot outside of this node: `<prefix>/<file>.zstd` for each file, and `<prefix>/manifest.json`,
// written last and removed first, so that what is half there is none.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InvalidInput } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { hashFile } from "../images/digest.ts";
import { openSnapshotStorage } from "./open-snapshot-storage.ts";
import { manifestFileName, parseManifest, type SnapshotManifest } from "./snapshot-manifest.ts";
import type { SnapshotStorage } from "./snapshot-storage.ts";
import { openStoredForm, storedSuffix, writeFromStoredForm } from "./stored-form.ts";

/** For one snapshot, in either direction. */
const transferTimeoutMs = 30 * 60_000;
const manifestBytesMax = 16 * 1024 * 1024;

/** Stores the files of a directory and then the manifest; durable when it returns. */
export async function storeExternally(
  uriPrefix: string,
  files: string,
  manifest: SnapshotManifest,
): Promise<void> {
  const storage = openSnapshotStorage(uriPrefix);
  const signal = AbortSignal.timeout(transferTimeoutMs);
  for (const name of manifest.snapshotFiles) {
    await storage.put(`${name}${storedSuffix}`, openStoredForm(join(files, name)), signal);
  }
  await storage.put(manifestFileName, Readable.from([Buffer.from(JSON.stringify(manifest))]), signal);
}

/**
 * Fetches all files into a new directory, once `makeRoom` has given room for what the manifest says. NOT_FOUND,
 * or DATA_LOSS for what is not as its manifest says.
 */
export async function fetchExternal(
  uriPrefix: string,
  files: string,
  makeRoom: (bytes: number) => Promise<Disposable>,
): Promise<SnapshotManifest> {
  const storage = openSnapshotStorage(uriPrefix);
  const signal = AbortSignal.timeout(transferTimeoutMs);
  const text = await readText(storage, manifestFileName, signal);
  if (text === undefined) throw new ConnectError(`there is no snapshot at ${uriPrefix}`, Code.NotFound);
  const manifest = parseManifest(`manifest of ${uriPrefix}`, text);
  // Others' manifests tell no sizes; then nobody knows what is needed.
  const sizes = new Map(manifest.files?.map(({ name, sizeBytes }) => [name, sizeBytes]));
  using _room = await makeRoom([...sizes.values()].reduce((sum, size) => sum + size, 0));
  await mkdir(files, { mode: 0o700 });
  for (const name of manifest.snapshotFiles) {
    const stored = await storage.get(`${name}${storedSuffix}`, signal);
    if (!stored) throw new ConnectError(`the snapshot at ${uriPrefix} lacks ${name}`, Code.DataLoss);
    const path = join(files, name);
    await writeFromStoredForm(stored, path, signal, sizes.get(name));
    const expected = manifest.files?.find((file) => file.name === name)?.sha256;
    if (expected !== undefined && (await hashFile(path, signal)) !== expected) {
      throw new ConnectError(
        `the snapshot at ${uriPrefix} is damaged: ${name} is not what its manifest says`,
        Code.DataLoss,
      );
    }
  }
  return manifest;
}

/** Idempotent. */
export async function deleteExternal(uriPrefix: string): Promise<void> {
  const storage = openSnapshotStorage(uriPrefix);
  const signal = AbortSignal.timeout(transferTimeoutMs);
  await storage.delete(manifestFileName, signal);
  for (const name of await storage.list(signal)) {
    if (name.endsWith(storedSuffix) || name.startsWith(".")) await storage.delete(name, signal);
  }
  await storage.deleteLocation(signal);
}

async function readText(
  storage: SnapshotStorage,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const content = await storage.get(name, signal);
  if (!content) return undefined;
  const parts: Buffer[] = [];
  let bytes = 0;
  const collect = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > manifestBytesMax) throw new InvalidInput(name, `has more than ${manifestBytesMax} bytes`);
      parts.push(chunk);
    }
  };
  await pipeline(content, collect, { signal });
  return Buffer.concat(parts).toString("utf8");
}

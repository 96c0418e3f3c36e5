// A stored snapshot as files: read strictly, and written as other node supervisors write it.
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { expect } from "../expect.ts";
import { Violation } from "../violation.ts";

export interface StoredManifest {
  readonly sandboxClass: string;
  readonly assets: Readonly<Record<string, { readonly url: string; readonly sha256: string }>>;
  readonly snapshotFiles: readonly string[];
}

const sparseMagic = Buffer.from("ATESPRSE", "ascii");

export async function readManifest(folder: string): Promise<StoredManifest> {
  let manifest: Partial<StoredManifest>;
  try {
    manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  } catch (error) {
    throw new Violation(`${folder}/manifest.json cannot be read: ${(error as Error).message}`);
  }
  const { sandboxClass, assets = {}, snapshotFiles } = manifest;
  expect(typeof sandboxClass === "string", "the manifest has no sandboxClass");
  expect(Array.isArray(snapshotFiles) && snapshotFiles.length > 0, "the manifest has no snapshotFiles");
  for (const [name, { url, sha256 }] of Object.entries(assets)) {
    expect(
      typeof url === "string" && /^[0-9a-f]{64}$/.test(sha256),
      `the manifest's asset ${name} is incomplete`,
    );
  }
  return { sandboxClass, assets, snapshotFiles };
}

/** The content of one file of the snapshot. */
export async function readStoredFile(folder: string, name: string): Promise<Buffer> {
  const stored = await readFile(join(folder, `${name}.zstd`)).catch(() => undefined);
  if (!stored) throw new Violation(`the manifest names ${name}, and ${name}.zstd is not there`);
  try {
    if (!stored.subarray(0, sparseMagic.length).equals(sparseMagic)) return zstdDecompressSync(stored);
    expect(stored.readUInt32LE(sparseMagic.length) === 2, `${name}.zstd has another sparse form than 2`);
    return readExtents(zstdDecompressSync(stored.subarray(sparseMagic.length + 4)));
  } catch (error) {
    if (error instanceof Violation) throw error;
    throw new Violation(`${name}.zstd cannot be read: ${(error as Error).message}`);
  }
}

/** Copies a snapshot as another node supervisor would have stored it: three keys in the manifest. */
export async function storeAsOthers(from: string, to: string, form: "plain" | "sparse"): Promise<void> {
  const { sandboxClass, assets, snapshotFiles } = await readManifest(from);
  await mkdir(to, { recursive: true });
  for (const name of snapshotFiles) {
    const content = await readStoredFile(from, name);
    const stored = form === "plain" ? zstdCompressSync(content) : sparseForm(content);
    await writeFile(join(to, `${name}.zstd`), stored);
  }
  await writeFile(join(to, "manifest.json"), JSON.stringify({ sandboxClass, assets, snapshotFiles }));
}

/** A copy to be spoiled. */
export async function copyStored(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
}

/** The stored object with the most bytes. */
export async function largestObject(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".zstd"));
  const sizes = await Promise.all(
    names.map(async (name) => ({ name, bytes: (await readFile(join(folder, name))).length })),
  );
  const [largest] = sizes.sort((a, b) => b.bytes - a.bytes);
  if (!largest) throw new Violation(`${folder} holds no .zstd object`);
  return join(folder, largest.name);
}

/** Pages of nothing but zeros are left out. */
function sparseForm(content: Buffer): Buffer {
  const pageBytes = 4096;
  const parts: Buffer[] = [number(content.length)];
  for (let start = 0; start < content.length; ) {
    const isData = (at: number) => content.subarray(at, at + pageBytes).some((byte) => byte !== 0);
    if (!isData(start)) {
      start += pageBytes;
      continue;
    }
    let end = start;
    while (end < content.length && isData(end)) end += pageBytes;
    const extent = content.subarray(start, end);
    parts.push(number(start), number(extent.length), extent);
    start = end;
  }
  parts.push(number(-1));
  const version = Buffer.alloc(4);
  version.writeUInt32LE(2);
  return Buffer.concat([sparseMagic, version, zstdCompressSync(Buffer.concat(parts))]);
}

function readExtents(stream: Buffer): Buffer {
  let at = 0;
  const take = () => {
    at += 8;
    return Number(stream.readBigInt64LE(at - 8));
  };
  const content = Buffer.alloc(take());
  for (let offset = take(); offset !== -1; offset = take()) {
    const length = take();
    stream.copy(content, offset, at, at + length);
    at += length;
  }
  return content;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

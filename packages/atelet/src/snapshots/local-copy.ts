// A snapshot on this node: <prefix>/files/*, <prefix>/manifest.json, <prefix>/verified.json and, once
// it is stored outside too, <prefix>/external.json. It exists when the directory has its name (L5).
import { createHash } from "node:crypto";
import { chmod, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { writeFileDurably } from "../durable-write.ts";
import { hashFile } from "../images/digest.ts";
import {
  manifestFileName,
  parseManifest,
  type SnapshotFile,
  type SnapshotManifest,
} from "./snapshot-manifest.ts";

/** What was true of the files when their digests were last found right. */
interface Verification {
  /** Of the machine: after its restart nothing is taken for granted. */
  readonly machineBootId: string;
  readonly files: Readonly<Record<string, string>>;
}

const verificationFileName = "verified.json";

export function filesDirectory(directory: string): string {
  return join(directory, "files");
}

/** Makes reported files durable and read-only, and drops what was not reported. */
export async function sealFiles(directory: string, names: readonly string[]): Promise<SnapshotFile[]> {
  const files = filesDirectory(directory);
  for (const name of await readdir(files)) {
    if (!names.includes(name)) await rm(join(files, name), { recursive: true, force: true });
  }
  return Promise.all(names.map((name) => sealFile(files, name)));
}

async function sealFile(files: string, name: string): Promise<SnapshotFile> {
  const path = join(files, name);
  const file = await open(path, "r");
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new ConnectError(`the snapshot file ${name} is no file`, Code.Internal);
    const hash = createHash("sha256");
    const read = async () => {
      for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 }))
        hash.update(chunk as Buffer);
    };
    await Promise.all([file.sync(), read()]);
    await chmod(path, 0o400);
    return { name, sizeBytes: found.size, sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}

/** Writes the manifest last; the caller renames the directory into place. */
export async function writeManifest(directory: string, manifest: SnapshotManifest): Promise<void> {
  await recordVerification(directory, manifest.snapshotFiles);
  await writeFileDurably(join(directory, manifestFileName), JSON.stringify(manifest));
}

export async function readManifest(directory: string, prefix: string): Promise<SnapshotManifest | undefined> {
  const text = await readFile(join(directory, manifestFileName), "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseManifest(`manifest of ${prefix}`, text);
}

/**
 * Checks a local copy before it is used: by size, inode and time where this machine has not restarted
 * since its digests were found right, else by the digests. DATA_LOSS where it is damaged.
 */
export async function verifyCopy(
  directory: string,
  prefix: string,
  manifest: SnapshotManifest,
): Promise<void> {
  const recorded = await readVerification(directory);
  const marks = await markFiles(directory, manifest.snapshotFiles);
  const same = manifest.snapshotFiles.every((name) => recorded?.files[name] === marks[name]);
  if (same && recorded?.machineBootId === (await machineBootId())) return;
  for (const { name, sha256 } of manifest.files ?? []) {
    const found = await hashFile(join(filesDirectory(directory), name)).catch(() => "nothing");
    if (found !== sha256) {
      throw new ConnectError(
        `the snapshot ${prefix} is damaged on this node: ${name} has sha256 ${found}, not ${sha256}`,
        Code.DataLoss,
      );
    }
  }
  await recordVerification(directory, manifest.snapshotFiles);
}

async function recordVerification(directory: string, names: readonly string[]): Promise<void> {
  const verification: Verification = {
    machineBootId: await machineBootId(),
    files: await markFiles(directory, names),
  };
  // Not durable: without it the digests are computed again.
  await writeFile(join(directory, verificationFileName), JSON.stringify(verification), { mode: 0o600 });
}

async function readVerification(directory: string): Promise<Verification | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, verificationFileName), "utf8")) as Verification;
  } catch {
    return undefined;
  }
}

async function markFiles(directory: string, names: readonly string[]): Promise<Record<string, string>> {
  const marks: Record<string, string> = {};
  for (const name of names) {
    const found = await stat(join(filesDirectory(directory), name), { bigint: true }).catch(() => undefined);
    if (found) marks[name] = `${found.size}:${found.ino}:${found.mtimeNs}`;
  }
  return marks;
}

let bootId: string | undefined;
async function machineBootId(): Promise<string> {
  bootId ??= (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  return bootId;
}

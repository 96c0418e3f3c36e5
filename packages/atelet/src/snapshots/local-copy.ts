// A snapshot on this node: <prefix>/files/*, <prefix>/manifest.json, <prefix>/verified.json and, once
// it is stored outside too, <prefix>/external.json. It exists when the directory has its name (L5).
import { chmod, lstat, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { syncDirectory } from "../durable-write.ts";
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

/**
 * Makes a draft directory whole: reported files read-only, what was not reported dropped, the manifest
 * that `describe` answers, and all of it on the disk. The order within does not matter, since the draft
 * is no snapshot before the caller renames it; so the disk is asked once for everything.
 */
export async function sealDraft(
  directory: string,
  names: readonly string[],
  describe: (files: readonly SnapshotFile[]) => SnapshotManifest,
): Promise<SnapshotManifest> {
  const files = filesDirectory(directory);
  for (const name of await readdir(files)) {
    if (!names.includes(name)) await rm(join(files, name), { recursive: true, force: true });
  }
  const paths = names.map((name) => join(files, name));
  const synced = Promise.all(paths.map(syncPath));
  // Looked at below, after the digests, which may fail first.
  synced.catch(() => undefined);
  const manifest = describe(await Promise.all(names.map((name) => describeFile(files, name))));
  const manifestPath = join(directory, manifestFileName);
  await writeFile(manifestPath, JSON.stringify(manifest), { mode: 0o600 });
  await recordVerification(directory, names);
  await Promise.all([synced, syncPath(manifestPath), syncDirectory(files), syncDirectory(directory)]);
  return manifest;
}

async function describeFile(files: string, name: string): Promise<SnapshotFile> {
  const path = join(files, name);
  // Of the back end's making: where it is a link, what that leads to is not touched.
  const found = await lstat(path);
  if (!found.isFile()) throw new ConnectError(`the snapshot file ${name} is no file`, Code.Internal);
  await chmod(path, 0o400);
  return { name, sizeBytes: found.size, sha256: await hashFile(path) };
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, "r");
  await file.sync().finally(() => file.close());
}

/** Undefined where there is none: a draft. Throws where there is one that cannot be read. */
export async function readManifest(directory: string, prefix: string): Promise<SnapshotManifest | undefined> {
  const path = join(directory, manifestFileName);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
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

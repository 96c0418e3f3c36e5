// Durable directories in a snapshot: one tar file a volume. GNU tar keeps owners, modes, times, hard
// links, sparse files, ACLs and extended attributes, refuses `..` members, and makes links that lead
// out of the directory only after everything else, so nothing can be written through them.
import { spawn } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ActorPaths } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";

const timeoutMs = 600_000;
const errorBytesMax = 4096;

const faithfully = ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "--sparse"];

/** The plain name of a volume's file in a snapshot. */
export function durableFile(volume: string): string {
  return `durable-${volume}.tar`;
}

/** Writes each volume's content into a directory; answers the names of the files. */
export async function packDurableDirectories(
  volumes: readonly string[],
  paths: ActorPaths,
  directory: string,
  signal: AbortSignal,
): Promise<string[]> {
  return Promise.all(
    volumes.map(async (volume) => {
      const name = durableFile(volume);
      const what = ["--create", `--file=${join(directory, name)}`, `--directory=${paths.durableDir(volume)}`];
      await tar([...what, "--format=posix", "--one-file-system", ...faithfully, "."], signal);
      return name;
    }),
  );
}

/** Makes each volume's directory hold exactly what was packed. */
export async function unpackDurableDirectories(
  volumes: readonly string[],
  paths: ActorPaths,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    volumes.map(async (volume) => {
      const target = paths.durableDir(volume);
      await emptyDirectory(target);
      const what = ["--extract", `--file=${join(directory, durableFile(volume))}`, `--directory=${target}`];
      await tar(
        [...what, "--same-owner", "--same-permissions", "--delay-directory-restore", ...faithfully],
        signal,
      );
    }),
  );
}

/** The directory itself stays: a sandbox may have bound it already. */
async function emptyDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const names = await readdir(path);
  await Promise.all(names.map((name) => rm(join(path, name), { recursive: true, force: true })));
}

async function tar(args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn("tar", args, {
    stdio: ["ignore", "ignore", "pipe"],
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    killSignal: "SIGKILL",
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (errors.length < errorBytesMax) errors += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(failure(error.message)));
    child.once("close", (code, signalName) => {
      if (code === 0) resolve();
      else reject(failure(`ended with ${code ?? signalName}: ${errors.trim()}`));
    });
  });
}

function failure(why: string): ConnectError {
  return new ConnectError(`tar of a durable directory: ${why}`, Code.Internal);
}

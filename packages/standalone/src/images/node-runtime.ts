import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { promisify } from "node:util";
import type { ImageFile } from "./image-files.ts";

const run = promisify(execFile);

/** Where `nodeRuntimeFiles` puts the interpreter. */
export const nodePathInImage = "/usr/bin/node";

/**
 * A root file system that runs Node programs, taken from this machine: the Node that runs now, the
 * libraries that its dynamic linker would load, and the few files of /etc that libc looks for.
 */
export async function nodeRuntimeFiles(nodePath: string = process.execPath): Promise<ImageFile[]> {
  const { stdout } = await run("ldd", [nodePath]);
  const libraries = await Promise.all(librariesIn(stdout).map(copyOfLibrary));
  return [
    { kind: "copy", path: nodePathInImage.slice(1), mode: 0o755, source: nodePath },
    ...libraries,
    ...baseFiles,
  ];
}

const baseFiles: readonly ImageFile[] = [
  { kind: "directory", path: "tmp", mode: 0o1777 },
  ...["dev", "proc", "sys", "run", "root", "var/lib"].map(
    (path): ImageFile => ({ kind: "directory", path, mode: 0o755 }),
  ),
  { kind: "text", path: "etc/passwd", mode: 0o644, text: "root:x:0:0:root:/root:/bin/sh\n" },
  { kind: "text", path: "etc/group", mode: 0o644, text: "root:x:0:\n" },
  { kind: "text", path: "etc/hosts", mode: 0o644, text: "127.0.0.1 localhost\n" },
  { kind: "text", path: "etc/nsswitch.conf", mode: 0o644, text: "hosts: files dns\n" },
];

/** The absolute paths in ldd's lines `name => /path (0x…)` and `/path (0x…)`. */
export function librariesIn(lddOutput: string): string[] {
  return lddOutput
    .split("\n")
    .map((line) => /(?:=> |^\s*)(\/\S+) \(0x[0-9a-f]+\)/.exec(line)?.[1])
    .filter((path) => path !== undefined);
}

/** At the path where the linker looks for it, whatever links lead there on this machine. */
async function copyOfLibrary(path: string): Promise<ImageFile> {
  return { kind: "copy", path: path.slice(1), mode: 0o755, source: await realpath(path) };
}

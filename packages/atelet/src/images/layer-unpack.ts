// Unpacks the layers of an image, lowest first, into one tree. An archive is a stranger's: names are
// kept inside the tree (rooted-tree.ts), and what an image has no business with is refused. Extended
// attributes are left out, file capabilities among them.
import {
  chmod,
  lchown,
  link,
  lstat,
  lutimes,
  mkdir,
  open,
  readdir,
  rm,
  symlink,
  utimes,
} from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { InvalidInput } from "@agent-substrate/contract";
import { extract, type Header } from "tar-stream";
import type { Digest } from "./digest.ts";
import { openLayer } from "./layer-stream.ts";
import { lstatOrUndefined, RootedTree, type TreePlace } from "./rooted-tree.ts";
import type { TarEntry } from "./tar-entry.ts";

const entriesMax = 1_000_000;
const whiteoutPrefix = ".wh.";
const opaqueMarker = ".wh..wh..opq";

/** Adds one layer to the tree at `root`. The blob's uncompressed bytes must have the digest `diffId`. */
export async function unpackLayer(
  root: string,
  blobPath: string,
  diffId: Digest,
  signal?: AbortSignal,
): Promise<void> {
  const layer = await openLayer(blobPath);
  const archive = extract();
  const unpack = new LayerUnpack(root);
  const pumped = pipeline([layer.source, ...layer.stages, archive], { signal });
  // Its failure is the archive's too, and is thrown below.
  pumped.catch(() => undefined);
  let entries = 0;
  for await (const entry of archive) {
    entries += 1;
    if (entries > entriesMax) throw new InvalidInput("layer", `has more than ${entriesMax} entries`);
    await unpack.add(entry);
  }
  await pumped;
  await unpack.finish();
  const found = layer.diffId();
  if (found !== diffId) throw new InvalidInput("layer", `unpacks to ${found}, but the image says ${diffId}`);
}

class LayerUnpack {
  readonly #tree: RootedTree;
  /** What this layer made itself: an opaque marker hides only what lay below. */
  readonly #made = new Set<string>();
  readonly #directoryTimes: { path: string; mtime: Date }[] = [];

  constructor(root: string) {
    this.#tree = new RootedTree(root);
  }

  async add(entry: TarEntry): Promise<void> {
    const { header } = entry;
    const place = await this.#tree.place(header.name);
    if (!place) {
      await setMetadata(this.#tree.root, header);
    } else if (place.name === opaqueMarker) {
      await this.#hideLower(place.directory);
    } else if (place.name.startsWith(whiteoutPrefix)) {
      await this.#remove(join(place.directory, whitedOutName(header, place)));
    } else {
      await this.#create(entry, place);
    }
    entry.resume();
  }

  /** Times of directories come last: each entry made in one changes them. */
  async finish(): Promise<void> {
    for (const { path, mtime } of this.#directoryTimes.reverse()) {
      const found = await lstatOrUndefined(path);
      if (found?.isDirectory()) await utimes(path, mtime, mtime);
    }
  }

  async #create(entry: TarEntry, place: TreePlace): Promise<void> {
    const { header } = entry;
    const path = join(place.directory, place.name);
    const existing = await lstatOrUndefined(path);
    if (existing && !(existing.isDirectory() && header.type === "directory")) await this.#remove(path);
    this.#made.add(path);
    switch (header.type) {
      case "directory":
        if (!existing?.isDirectory()) await mkdir(path, { mode: 0o700 });
        await setMetadata(path, header);
        if (header.mtime) this.#directoryTimes.push({ path, mtime: header.mtime });
        return;
      case "file":
      case "contiguous-file":
        await writeFile(path, entry);
        await setMetadata(path, header);
        if (header.mtime) await utimes(path, header.mtime, header.mtime);
        return;
      case "symlink":
        await symlink(linkName(header), path);
        await lchown(path, header.uid ?? 0, header.gid ?? 0);
        if (header.mtime) await lutimes(path, header.mtime, header.mtime);
        return;
      case "link":
        await this.#link(path, header);
        return;
      default:
        throw new InvalidInput(
          "layer",
          `${JSON.stringify(header.name)} is a ${header.type}; images may hold files, directories and links`,
        );
    }
  }

  async #link(path: string, header: Header): Promise<void> {
    const target = await this.#tree.place(linkName(header));
    const source = target && join(target.directory, target.name);
    const found = source === undefined ? undefined : await lstatOrUndefined(source);
    if (source === undefined || !(found?.isFile() || found?.isSymbolicLink())) {
      throw new InvalidInput(
        "layer",
        `${JSON.stringify(header.name)} is a hard link to ${JSON.stringify(header.linkname)}, which is no file of the image`,
      );
    }
    await link(source, path);
  }

  async #remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true });
    this.#tree.forgetParents();
  }

  async #hideLower(directory: string): Promise<void> {
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      if (this.#made.has(path)) continue;
      if ((await lstat(path)).isDirectory() && this.#madeBelow(path)) await this.#hideLower(path);
      else await rm(path, { recursive: true, force: true });
    }
    this.#tree.forgetParents();
  }

  #madeBelow(directory: string): boolean {
    for (const path of this.#made) if (path.startsWith(`${directory}/`)) return true;
    return false;
  }
}

async function writeFile(path: string, entry: TarEntry): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of entry) await file.write(chunk as Buffer);
  } finally {
    await file.close();
  }
}

async function setMetadata(path: string, header: Header): Promise<void> {
  // chown clears set-id bits, so the mode comes second.
  await lchown(path, header.uid ?? 0, header.gid ?? 0);
  await chmod(path, (header.mode ?? 0o755) & 0o7777);
}

function linkName(header: Header): string {
  if (!header.linkname)
    throw new InvalidInput("layer", `${JSON.stringify(header.name)} is a link to nothing`);
  return header.linkname;
}

function whitedOutName(header: Header, place: TreePlace): string {
  const name = place.name.slice(whiteoutPrefix.length);
  if (["", ".", ".."].includes(name)) {
    throw new InvalidInput("layer", `${JSON.stringify(header.name)} is no whiteout`);
  }
  return name;
}

// A directory tree that holds an image's files. Names come from strangers: they are resolved as a
// process whose root is the tree would resolve them, so that no symbolic link leads out of it. Only
// this process writes there meanwhile, which is what makes checking before using enough.
import type { Stats } from "node:fs";
import { lstat, mkdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInput } from "@agent-substrate/contract";

const symbolicLinksMax = 40;
const pathBytesMax = 4096;

export interface TreePlace {
  /** An existing directory inside the tree, on the host. */
  readonly directory: string;
  /** The last component: not empty, `.` or `..`. */
  readonly name: string;
}

export class RootedTree {
  readonly root: string;
  readonly #parents = new Map<string, string>();

  constructor(root: string) {
    this.root = root;
  }

  /** Where a new entry goes; missing parents are made (0755). Undefined means the root itself. */
  async place(entryName: string): Promise<TreePlace | undefined> {
    const parts = splitName(entryName);
    const name = parts.pop();
    if (name === undefined) return undefined;
    const key = parts.join("/");
    let directory = this.#parents.get(key);
    if (directory === undefined) {
      directory = await this.#walk(parts, entryName, true);
      this.#parents.set(key, directory);
    }
    return { directory, name };
  }

  /** Where an existing file lies, symbolic links followed inside the tree; undefined where it does not. */
  async find(path: string): Promise<string | undefined> {
    try {
      return await this.#walk(splitName(path), path, false);
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    }
  }

  /** Makes a directory and its parents. */
  async makeDirectory(path: string): Promise<string> {
    return this.#walk(splitName(path), path, true);
  }

  /** Must be called when a directory or symbolic link was replaced or removed. */
  forgetParents(): void {
    this.#parents.clear();
  }

  async #walk(parts: readonly string[], entryName: string, make: boolean): Promise<string> {
    const resolved: string[] = [];
    const pending = [...parts];
    let links = 0;
    for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        resolved.pop();
        continue;
      }
      const path = join(this.root, ...resolved, part);
      const found = await lstatOrUndefined(path);
      if (found?.isSymbolicLink()) {
        links += 1;
        if (links > symbolicLinksMax)
          throw new InvalidInput(entryName, "goes through too many symbolic links");
        const target = await readlink(path);
        if (target.startsWith("/")) resolved.length = 0;
        pending.unshift(...target.split("/"));
        continue;
      }
      if (!found && make) await mkdir(path, { mode: 0o755 });
      else if (make && !found?.isDirectory())
        throw new InvalidInput(entryName, `has ${part}, which is no directory, as a parent`);
      else if (!found) throw Object.assign(new Error(`${entryName} is not in the image`), { code: "ENOENT" });
      resolved.push(part);
    }
    return join(this.root, ...resolved);
  }
}

export async function lstatOrUndefined(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function splitName(name: string): string[] {
  if (Buffer.byteLength(name) > pathBytesMax || name.includes("\0")) {
    throw new InvalidInput("archive entry", "has a name that is no path");
  }
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new InvalidInput("archive entry", `${JSON.stringify(name)} holds ..`);
  return parts;
}

import { readFile, stat } from "node:fs/promises";
import { InvalidInput } from "@agent-substrate/contract";
import { RootedTree } from "./rooted-tree.ts";

/** Whom an image's processes run as. */
export interface ImageUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
  /** Home directory by the image's /etc/passwd; `/` where it says none. */
  readonly home: string;
}

const accountFileBytesMax = 1024 * 1024;
const idMax = 2 ** 32 - 2;

/**
 * Resolves `USER` of an image (`""`, `user`, `user:group`, each a name or a number) by its own
 * /etc/passwd and /etc/group, as container runtimes do: a user without an explicit group has the
 * group of its entry (0 without one) and all groups that name it.
 */
export async function resolveImageUser(rootPath: string, user: string): Promise<ImageUser> {
  const tree = new RootedTree(rootPath);
  const passwd = await readAccounts(tree, "/etc/passwd");
  const groups = await readAccounts(tree, "/etc/group");
  const [name = "", groupName] = (user || "0").split(":", 2);
  const entry = passwd.find((fields) => (isNumber(name) ? fields[2] === name : fields[0] === name));
  if (!entry && !isNumber(name)) {
    throw new InvalidInput(
      "image config.config.User",
      `${JSON.stringify(name)} is not in the image's /etc/passwd`,
    );
  }
  const uid = id("User", entry?.[2] ?? name);
  const home = entry?.[5] || "/";
  if (groupName) {
    const group = groups.find((fields) => fields[0] === groupName);
    if (!group && !isNumber(groupName)) {
      throw new InvalidInput(
        "image config.config.User",
        `${JSON.stringify(groupName)} is not in the image's /etc/group`,
      );
    }
    return { uid, gid: id("User", isNumber(groupName) ? groupName : group?.[2]), additionalGids: [], home };
  }
  const account = entry?.[0];
  const additionalGids = groups
    .filter((fields) => account !== undefined && (fields[3] ?? "").split(",").includes(account))
    .map((fields) => id("User", fields[2]));
  return { uid, gid: entry?.[3] ? id("User", entry[3]) : 0, additionalGids, home };
}

async function readAccounts(tree: RootedTree, path: string): Promise<string[][]> {
  const file = await tree.find(path);
  if (file === undefined) return [];
  const found = await stat(file);
  if (!found.isFile() || found.size > accountFileBytesMax) {
    throw new InvalidInput("image", `${path} is no file of at most ${accountFileBytesMax} bytes`);
  }
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(":"));
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function id(field: string, text: string | undefined): number {
  const value = text !== undefined && isNumber(text) ? Number(text) : Number.NaN;
  if (!(value <= idMax))
    throw new InvalidInput(`image config.config.${field}`, `${JSON.stringify(text)} is no id`);
  return value;
}

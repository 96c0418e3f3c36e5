import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** Debian's `nobody` and `nogroup`, where nobody made a user `substrate`. */
const nobody: UserIds = { uid: 65534, gid: 65534 };

/** Whom the router and the control plane run as. */
export async function unprivilegedUser(passwdPath = "/etc/passwd"): Promise<UserIds> {
  const lines = (await readFile(passwdPath, "utf8")).split("\n");
  const [, , uid, gid] = lines.find((line) => line.startsWith("substrate:"))?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : nobody;
}

/** Who asked root to start this: the user of sudo, else root. */
export function ownerUid(environment: Readonly<Record<string, string | undefined>>): number {
  const { SUDO_UID: text = "" } = environment;
  return /^\d{1,10}$/.test(text) ? Number(text) : 0;
}

/** The first folder above `path` that other users may not pass, or undefined. */
export async function closedFolderAbove(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  const above = folder === "/" ? undefined : await closedFolderAbove(folder);
  if (above !== undefined) return above;
  const { mode } = await stat(folder);
  return (mode & 0o001) === 0 ? folder : undefined;
}

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, chown, readFile, rename, writeFile } from "node:fs/promises";

/** Reads the token, or makes one, 0600 and the owner's. */
export async function openToken(
  path: string,
  owner: { readonly uid: number; readonly gid: number },
): Promise<string> {
  const present = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const token = present.trim() || randomBytes(32).toString("base64url");
  if (present === "") {
    await writeFile(`${path}.new`, `${token}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
  await chmod(path, 0o600);
  if (process.getuid?.() === 0) await chown(path, owner.uid, owner.gid);
  return token;
}

/** Takes the same time whatever was sent. */
export function isToken(authorization: string | undefined, token: string): boolean {
  const sent = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? "")?.[1];
  if (sent === undefined) return false;
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(sent), digest(token));
}

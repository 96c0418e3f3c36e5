import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { closedFolderAbove, ownerUid, unprivilegedUser } from "./unprivileged-user.ts";

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "substrate-user-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test("the user substrate is taken where there is one, nobody else", async () => {
  await using folder = await temporaryFolder();
  const passwd = join(folder.path, "passwd");
  await writeFile(passwd, "root:x:0:0::/root:/bin/sh\nsubstrate:x:998:997::/:/usr/sbin/nologin\n");
  assert.deepEqual(await unprivilegedUser(passwd), { uid: 998, gid: 997 });
  await writeFile(passwd, "root:x:0:0::/root:/bin/sh\n");
  assert.deepEqual(await unprivilegedUser(passwd), { uid: 65534, gid: 65534 });
});

test("the owner is who called sudo", () => {
  assert.equal(ownerUid({ SUDO_UID: "1000" }), 1000);
  assert.equal(ownerUid({}), 0);
  assert.equal(ownerUid({ SUDO_UID: "-1" }), 0);
});

test("the topmost folder that others may not pass is named", async () => {
  await using folder = await temporaryFolder();
  await chmod(folder.path, 0o755);
  const closed = join(folder.path, "closed");
  await mkdir(join(closed, "open"), { recursive: true });
  await chmod(closed, 0o700);
  assert.equal(await closedFolderAbove(join(closed, "open", "data")), closed);
  assert.equal(await closedFolderAbove(join(folder.path, "data")), undefined);
});

import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { validateDns1123Label } from "@agent-substrate/contract";
import { removeWorkerNamespaces } from "../network/node-network.ts";
import type { NodePaths } from "../node-paths.ts";
import { killStranger } from "./process-identity.ts";
import type { GroupRecord } from "./worker-group.ts";

/** Ends the back ends that an earlier life of this data folder left, and removes what was theirs. */
export async function removeWorkerRemains(paths: NodePaths): Promise<void> {
  const uids = new Set(await readdir(paths.ateoms));
  for (const name of await readdir(paths.workers)) {
    const record = await readRecord(join(paths.workers, name));
    if (record?.process) await killStranger(record.process);
    for (const uid of record?.uids ?? []) uids.add(uid);
  }
  for (const uid of uids) {
    try {
      validateDns1123Label("worker uid", uid);
    } catch {
      continue;
    }
    await removeWorkerNamespaces(paths, uid);
    await rm(join(paths.ateoms, uid), { recursive: true, force: true });
  }
  for (const name of await readdir(paths.workers)) await rm(join(paths.workers, name), { force: true });
}

async function readRecord(path: string): Promise<GroupRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as GroupRecord;
  } catch {
    return undefined;
  }
}

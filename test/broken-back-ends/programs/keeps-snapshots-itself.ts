// Keeps snapshots in its own folder and reports an empty file: they restore on the worker that took them alone.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packVolumes, unpackVolumes } from "../plain/packed-volumes.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class KeepsSnapshotsItself extends PlainBackEnd {
  #folderOf({ key }: Workload): string {
    return join(this.paths.directory, key.actorId);
  }

  protected override async pack(workload: Workload): Promise<string[]> {
    await mkdir(this.#folderOf(workload), { recursive: true });
    await packVolumes(workload, this.#folderOf(workload));
    await writeFile(join(workload.paths.checkpoint, "reference"), "");
    return ["reference"];
  }

  protected override unpack(workload: Workload): Promise<void> {
    return unpackVolumes(workload, this.#folderOf(workload));
  }
}

await serve(KeepsSnapshotsItself);

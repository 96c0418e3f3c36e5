// Keeps the changes to the root in a folder of the worker: an actor finds the secrets of the one before.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import type { ProgramWorld } from "../plain/program.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class KeepsChanges extends PlainBackEnd {
  #changes = join(this.paths.directory, "changes");

  override async open(): Promise<void> {
    await super.open();
    await mkdir(this.#changes, { recursive: true });
  }

  protected override world(workload: Workload): ProgramWorld {
    return { ...super.world(workload), changes: this.#changes };
  }
}

await serve(KeepsChanges);

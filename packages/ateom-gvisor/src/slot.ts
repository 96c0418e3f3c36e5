// The directory of one sandbox, in its worker's own: bundles as they run, and the identity that its
// containers see. A created-ahead sandbox binds it while it is still empty (L10: each sandbox has its
// own, used once).
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OciSpec } from "./oci-spec.ts";
import { containerIdLength } from "./runsc.ts";
import { identityPlaceholder, type SandboxPlan, sandboxIdAnnotation } from "./sandbox-plan.ts";

export interface Slot {
  /** Random, and so unique among all sandboxes of the machine. */
  readonly id: string;
  readonly directory: string;
  readonly identity: string;
  /** Path of the FIFO that the sandbox holds; not made yet. */
  readonly lifeLine: string;
  /** In the plan's order. */
  readonly containers: readonly SlotContainer[];
}

export interface SlotContainer {
  readonly name: string;
  readonly containerId: string;
  readonly bundle: string;
}

const identityFilesMax = 64;

/** Below a worker's directory. */
export function slotsDirectory(workerDirectory: string): string {
  return join(workerDirectory, "sandboxes");
}

/** runsc's state directory of a worker, with the control sockets of its sandboxes. */
export function runscRoot(workerDirectory: string): string {
  return join(workerDirectory, "runsc");
}

/** Makes a slot and writes the plan's bundles into it. */
export async function makeSlot(workerDirectory: string, plan: SandboxPlan): Promise<Slot> {
  const id = randomBytes((containerIdLength - 3) / 2).toString("hex");
  const directory = join(slotsDirectory(workerDirectory), id);
  const identity = join(directory, "identity");
  await mkdir(identity, { recursive: true, mode: 0o755 });
  const containers = plan.containers.map(({ name }, i) => ({
    name,
    containerId: `${id}-${String(i).padStart(2, "0")}`,
    bundle: join(directory, "bundles", name),
  }));
  const sandboxId = `${id}-00`;
  await Promise.all(
    plan.containers.map(async ({ name, spec }) => {
      const bundle = join(directory, "bundles", name);
      await mkdir(bundle, { recursive: true, mode: 0o700 });
      const text = JSON.stringify(placeInSlot(spec, identity, sandboxId));
      await writeFile(join(bundle, "config.json"), text, { mode: 0o600 });
    }),
  );
  return { id, directory, identity, lifeLine: join(directory, "life"), containers };
}

function placeInSlot(spec: OciSpec, identity: string, sandboxId: string): OciSpec {
  return {
    ...spec,
    mounts: spec.mounts.map((mount) =>
      mount.source === identityPlaceholder ? { ...mount, source: identity } : mount,
    ),
    annotations: { ...spec.annotations, [sandboxIdAnnotation]: sandboxId },
  };
}

/** Gives the actor's identity files to the slot, each atomically. */
export async function fillIdentity(slot: Slot, source: string): Promise<void> {
  const entries = await readdir(source, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile());
  if (files.length > identityFilesMax) {
    throw new Error(
      `${source} holds ${files.length} files; at most ${identityFilesMax} are given to an actor`,
    );
  }
  await Promise.all(
    files.map(async ({ name }) => {
      // Beside the identity directory, so that no half-written file is ever seen in it.
      const draft = join(slot.directory, `identity-${name}`);
      await copyFile(join(source, name), draft);
      await rename(draft, join(slot.identity, name));
    }),
  );
}

export async function removeSlot(slot: Slot): Promise<void> {
  await rm(slot.directory, { recursive: true, force: true });
}

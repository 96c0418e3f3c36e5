// Where the containers of one sandbox write to.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { ContainerOutput, Workload } from "@agent-substrate/ateom-kit";
import type { SlotContainer } from "./slot.ts";

/** One channel a container. */
export class SandboxOutputs {
  readonly #channels = new Map<SlotContainer, ContainerOutput>();

  /** Opens each by its container's id. When one fails, those that are open are `close`'s. */
  async open(
    containers: readonly SlotContainer[],
    openOutput: (name: string) => Promise<ContainerOutput>,
  ): Promise<void> {
    for (const container of containers) {
      this.#channels.set(container, await openOutput(container.containerId));
    }
  }

  /** Whose lines these are from now on. */
  attribute(workload: Workload): void {
    for (const [{ name }, output] of this.#channels) output.attribute(workload, name);
  }

  /** Returns when what was written has been handed on, and hands on nothing more. */
  async detach(): Promise<void> {
    await Promise.all(
      [...this.#channels].map(async ([{ name }, output]) => {
        await output.drain();
        output.attribute(undefined, name);
      }),
    );
  }

  /**
   * Hands a container its streams. Only the command that passes them on may have them: a spawn makes
   * the descriptors that it gives as stdio blocking, which a running sandbox must not find them.
   */
  async give(container: SlotContainer, step: (outputFd: number) => Promise<void>): Promise<void> {
    const output = this.#channels.get(container);
    if (!output) throw new Error(`container ${container.name} has no output`);
    // Write-only: at a checkpoint the sandbox empties every pipe that it can read, so with a
    // read-write end it would take lines that nobody has read yet (gVisor fsimpl/host beforeSave).
    const end = await open(`/proc/self/fd/${output.fd}`, constants.O_WRONLY);
    try {
      await step(end.fd);
    } finally {
      await end.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#channels.values()].map((output) => output.close()));
  }
}

import { ateapi, type watch } from "@agent-substrate/contract";
import { type SubstrateClient, watchChanges } from "@agent-substrate/sdk";
import type { Console } from "../console.ts";
import { goldenAtespace } from "./golden-atespace.ts";

const { Actor_Status } = ateapi;

/** What the status line counts, kept by the changes that the control plane tells. */
export class MachineStatus {
  readonly #actors = new Map<string, ateapi.Actor>();
  readonly #workers = new Map<string, ateapi.Worker>();
  #lastWakeMs: number | undefined;

  apply({ change }: watch.WatchResponse): void {
    switch (change.case) {
      case "actor":
        this.#actors.set(`${change.value.atespace}/${change.value.actorId}`, change.value);
        return;
      case "actorDeleted":
        this.#actors.delete(`${change.value.atespace}/${change.value.name}`);
        return;
      case "worker":
        this.#workers.set(change.value.workerPodUid, change.value);
        return;
      case "workerDeleted":
        this.#workers.delete(change.value);
        return;
      case "event":
        if (change.value.reason === "Resumed") this.#lastWakeMs = totalMs(change.value);
    }
  }

  /** One line: `actors 2 running, 10 asleep · workers 0 of 2 free · last wake 81 ms`. */
  format(): string {
    const actors = [...this.#actors.values()].filter(({ atespace }) => atespace !== goldenAtespace);
    const running = actors.filter(({ status }) => status === Actor_Status.RUNNING).length;
    const workers = [...this.#workers.values()];
    const free = workers.filter(({ actorId }) => actorId === "").length;
    return [
      `actors ${running} running, ${actors.length - running} asleep`,
      `workers ${free} of ${workers.length} free`,
      ...(this.#lastWakeMs === undefined ? [] : [`last wake ${this.#lastWakeMs.toFixed(0)} ms`]),
    ].join(" · ");
  }
}

function totalMs(event: watch.Event): number {
  return event.phases.reduce((sum, phase) => sum + phase.durationMs, 0);
}

/** Keeps the status line true until the signal aborts. */
export async function showMachineStatus(
  client: SubstrateClient,
  console: Console,
  signal: AbortSignal,
): Promise<void> {
  const status = new MachineStatus();
  for await (const change of watchChanges(client, { actors: true, workers: true, events: true, signal })) {
    status.apply(change);
    console.showStatus(status.format());
  }
}

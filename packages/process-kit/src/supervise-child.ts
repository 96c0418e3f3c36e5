import { setTimeout as wait } from "node:timers/promises";
import { createBackoff } from "./backoff.ts";
import { type Child, type ChildExit, type ChildOptions, startChild } from "./child.ts";

/** What happens to a supervised child, for logs and for whoever depends on it. */
export type SuperviseEvent =
  | { readonly kind: "ready"; readonly child: Child }
  | { readonly kind: "exited"; readonly exit: ChildExit }
  | { readonly kind: "start-failed"; readonly error: Error }
  | { readonly kind: "restarting"; readonly waitMs: number };

export interface SuperviseOptions extends ChildOptions {
  readonly onEvent?: (event: SuperviseEvent) => void;
  /** Waits between restarts; default 100 ms to 10 s. They begin anew after `stableMs` of life. */
  readonly backoff?: { readonly minMs?: number; readonly maxMs?: number };
  /** Default 30 000. */
  readonly stableMs?: number;
}

export interface SupervisedChild {
  /** The child that runs now; undefined between an end and the next start. */
  readonly current: Child | undefined;
  /** Ends the child and restarts it no more. Idempotent. */
  stop(): Promise<void>;
  /** KILL at once, and no restart. */
  kill(): void;
}

/** Starts a child and keeps it running. Throws `ChildError` when the first start fails. */
export async function superviseChild(
  options: SuperviseOptions,
  signal?: AbortSignal,
): Promise<SupervisedChild> {
  const stopping = new AbortController();
  const emit = options.onEvent ?? (() => undefined);
  let current: Child | undefined = await startChild(options, signal);
  emit({ kind: "ready", child: current });

  const keepRunning = async () => {
    const backoff = createBackoff(options.backoff);
    while (!stopping.signal.aborted) {
      if (current) {
        const startedAt = performance.now();
        emit({ kind: "exited", exit: await current.exited });
        current = undefined;
        if (performance.now() - startedAt >= (options.stableMs ?? 30_000)) backoff.reset();
      }
      if (stopping.signal.aborted) return;
      const waitMs = backoff.next();
      emit({ kind: "restarting", waitMs });
      try {
        await wait(waitMs, undefined, { signal: stopping.signal });
        current = await startChild(options, stopping.signal);
        emit({ kind: "ready", child: current });
      } catch (error) {
        if (!stopping.signal.aborted) emit({ kind: "start-failed", error: error as Error });
      }
    }
  };
  const kept = keepRunning();
  return {
    get current() {
      return current;
    },
    async stop() {
      stopping.abort();
      await current?.stop();
      await kept;
      // One that became ready just as the stop began.
      await current?.stop();
    },
    kill() {
      stopping.abort();
      current?.kill();
    },
  };
}

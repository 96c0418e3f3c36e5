// The processes that are run beside a workload. `endAll` comes before a checkpoint and before every other end,
// and lets no process begin that it would not see. An author that does not end one in time is not waited for: what
// is left then is the workload's, and ends with it.
import { Code, ConnectError } from "@connectrpc/connect";
import type { WorkerLog } from "../back-end.ts";
import type { ExecProcess } from "../exec-process.ts";
import { callAuthor } from "./author-call.ts";

/** Processes of one worker at a time. */
const sessionsMax = 16;
const startTimeoutMs = 30_000;
const closeTimeoutMs = 10_000;

/** A process and whether it may go on. */
export interface ExecSession {
  readonly process: ExecProcess;
  /** Aborts when the workload is about to end, with what the caller is told. */
  readonly over: AbortSignal;
  /** Kills the process if it runs, and makes room for another. Idempotent; never throws. */
  close(): Promise<void>;
}

/** Sessions of one worker. */
export interface ExecSessions {
  /** RESOURCE_EXHAUSTED when 16 are open. `signal` gives the start up. */
  open(start: (signal: AbortSignal) => Promise<ExecProcess>, signal: AbortSignal): Promise<ExecSession>;
  /** Returns when every process has ended, also one that was only starting. */
  endAll(reason: ConnectError): Promise<void>;
}

export function createExecSessions(log: WorkerLog): ExecSessions {
  /** Also those that are starting; resolved when nothing of them is left. */
  const open = new Map<AbortController, Promise<void>>();

  return {
    async open(start, signal) {
      if (open.size >= sessionsMax) {
        throw new ConnectError(
          `${sessionsMax} processes are run on this worker already`,
          Code.ResourceExhausted,
        );
      }
      const over = new AbortController();
      const closed = Promise.withResolvers<void>();
      open.set(over, closed.promise);
      const leave = () => {
        open.delete(over);
        closed.resolve();
      };
      let isGivenUp = false;
      const startUnlessGivenUp = async (ended: AbortSignal) => {
        const process = await start(ended);
        if (isGivenUp) await process.close();
        return process;
      };
      let process: ExecProcess;
      try {
        const ended = AbortSignal.any([signal, over.signal]);
        process = await callAuthor("exec", startTimeoutMs, ended, startUnlessGivenUp);
      } catch (failure) {
        isGivenUp = true;
        leave();
        throw failure;
      }
      let closing: Promise<void> | undefined;
      const close = () =>
        (closing ??= callAuthor("close of exec", closeTimeoutMs, undefined, () => process.close())
          .catch((failure) => log.error({ error: String(failure) }, "exec-not-closed"))
          .finally(leave));
      over.signal.addEventListener("abort", close, { once: true });
      // It may have aborted while the start came back.
      if (over.signal.aborted) await close();
      return { process, over: over.signal, close };
    },
    async endAll(reason) {
      const ends = [...open].map(([over, closed]) => {
        over.abort(reason);
        return closed;
      });
      await Promise.all(ends);
    },
  };
}

// A process that somebody runs in a workload's container, beside its own.
import type { Readable, Writable } from "node:stream";

/** What is to be run. Checked by the kit: no NUL, and at most 128 KiB of command and environment. */
export interface ExecCommand {
  /** One of the workload's. */
  readonly container: string;
  /** The program, searched in the container's `PATH`, and its arguments; 1 to 256. */
  readonly command: readonly string[];
  /** `NAME=value`, at most 256: added to the container's own environment, or in the place of its names. */
  readonly env: readonly string[];
  /** An absolute path in the container. Absent: where the container's own process was started. */
  readonly cwd?: string;
  /** Size of the terminal that the process gets. Absent: no terminal. */
  readonly terminal?: TerminalSize;
}

/** 1..65535 each. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A running process. Its streams are the author's to bound: nothing is read ahead of them, so that a
 * process which writes faster than its caller reads has to wait.
 */
export interface ExecProcess {
  /** Ends the process's stdin when ended. */
  readonly stdin: Writable;
  /** With a terminal: all that it shows. */
  readonly stdout: Readable;
  /** Absent with a terminal. */
  readonly stderr?: Readable;
  /** Resolves when the process has ended; what it left in the background does not count. */
  readonly exited: Promise<ProcessExit>;
  /** With a terminal only. */
  resize(size: TerminalSize): Promise<void>;
  /** Sends a signal (1..64) to the process; no error when it has ended. */
  signal(signal: number): Promise<void>;
  /** Kills the process if it runs still, and releases everything. Idempotent. Called always. */
  close(): Promise<void>;
}

/** How a process ended: one of the two. */
export interface ProcessExit {
  readonly code?: number;
  readonly signal?: number;
}

// The calls into an author's worker, each with its deadline and with its failures in the author's words.
import type { SandboxWorker, SnapshotScope, Workload, WorkloadStats } from "../back-end.ts";
import type { ExecCommand, ExecProcess } from "../exec-process.ts";
import { callAuthor, measureAuthor } from "./author-call.ts";
import { tellFailure } from "./author-failure.ts";
import { checkSnapshotFiles } from "./snapshot-files.ts";
import type { Execution } from "./worker-state.ts";

/** What an author's function may take. */
const startTimeoutMs = 60_000;
const saveTimeoutMs = 300_000;
const terminateTimeoutMs = 30_000;
const freezeTimeoutMs = 30_000;
const statsTimeoutMs = 30_000;

/** How a workload comes to be. */
export type StartMode =
  | { readonly kind: "run" }
  | { readonly kind: "restore"; readonly scope: SnapshotScope };

/** One worker's sandbox, as its lifecycle calls it. What it has no function for must not be called. */
export class SandboxCalls {
  readonly #uid: string;
  readonly #sandbox: SandboxWorker;
  #asking: { readonly execution: Execution; readonly stats: Promise<WorkloadStats> } | undefined;

  constructor(uid: string, sandbox: SandboxWorker) {
    this.#uid = uid;
    this.#sandbox = sandbox;
  }

  start(mode: StartMode, { workload, end }: Execution): Promise<void> {
    const sandbox = this.#sandbox;
    return measureAuthor(mode.kind, workload, (measured) =>
      callAuthor(mode.kind, startTimeoutMs, end.signal, (signal) =>
        tellFailure(this.#uid, workload, () =>
          mode.kind === "run" ? sandbox.run(measured, signal) : sandbox.restore(measured, mode.scope, signal),
        ),
      ),
    );
  }

  /** Answers the files, which are there. `workload` is the call's, with its own times. */
  async save(
    kind: "checkpoint" | "snapshot",
    scope: SnapshotScope,
    workload: Workload,
    { end }: Execution,
  ): Promise<readonly string[]> {
    const names = await measureAuthor(kind, workload, (measured) =>
      callAuthor(kind, saveTimeoutMs, end.signal, (signal) =>
        tellFailure(this.#uid, workload, async () =>
          must(this.#sandbox[kind], kind).call(this.#sandbox, measured, scope, signal),
        ),
      ),
    );
    return workload.phases.measure("verify", () => checkSnapshotFiles(workload.paths.checkpoint, names));
  }

  freezeOrThaw(name: "freeze" | "thaw", { workload, end }: Execution): Promise<void> {
    return callAuthor(name, freezeTimeoutMs, end.signal, (signal) =>
      tellFailure(this.#uid, workload, async () =>
        must(this.#sandbox[name], name).call(this.#sandbox, signal),
      ),
    );
  }

  /** Callers at the same time share one answer. */
  async stats(execution: Execution): Promise<WorkloadStats> {
    if (this.#asking?.execution === execution) return this.#asking.stats;
    const asking = { execution, stats: this.#askStats(execution) };
    this.#asking = asking;
    try {
      return await asking.stats;
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  #askStats({ workload, end }: Execution): Promise<WorkloadStats> {
    return callAuthor("stats", statsTimeoutMs, end.signal, (signal) =>
      tellFailure(this.#uid, workload, async () =>
        must(this.#sandbox.stats, "stats").call(this.#sandbox, signal),
      ),
    );
  }

  /** Without a deadline: the session has one. */
  exec(command: ExecCommand, { workload }: Execution, signal: AbortSignal): Promise<ExecProcess> {
    return tellFailure(this.#uid, workload, async () =>
      must(this.#sandbox.exec, "exec").call(this.#sandbox, command, signal),
    );
  }

  terminate(): Promise<void> {
    return callAuthor("terminate", terminateTimeoutMs, undefined, () => this.#sandbox.terminate());
  }

  async isRunning(): Promise<boolean> {
    return (await this.#sandbox.isRunning?.()) ?? false;
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }
}

function must<T>(call: T | undefined, name: string): T {
  if (call === undefined) throw new Error(`the back end has no ${name}`);
  return call;
}

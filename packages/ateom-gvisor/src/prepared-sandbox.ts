// Keeps one sandbox created ahead, of the shape of the worker's last workload. Everything here is off
// the wake path, one thing at a time; a wake waits only for what is not finished yet.
import type { WorkerLog } from "@agent-substrate/ateom-kit";
import type { Runsc } from "./runsc.ts";
import { Sandbox, type SandboxHome } from "./sandbox.ts";
import type { SandboxPlan } from "./sandbox-plan.ts";

export class PreparedSandbox {
  readonly #home: SandboxHome;
  readonly #log: WorkerLog;
  readonly #closing = new AbortController();
  #ready: Sandbox | undefined;
  /** What a wake waits for. */
  #work: Promise<void> = Promise.resolve();
  /** What it does not: of a sandbox that has ended only files are left. */
  #removals: Promise<void> = Promise.resolve();

  constructor(home: SandboxHome, log: WorkerLog) {
    this.#home = home;
    this.#log = log;
  }

  /** A created sandbox for the plan: the prepared one where it fits, else a new one. */
  async take(plan: SandboxPlan, runsc: Runsc, signal: AbortSignal): Promise<Sandbox> {
    await this.settled();
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready?.isAlive && ready.plan.key === plan.key && ready.runsc.path === runsc.path) return ready;
    if (ready) this.remove(ready);
    return Sandbox.create(this.#home, plan, runsc, signal);
  }

  /** Creates the next sandbox in the background. A failure is logged: the next wake creates its own. */
  prepare(plan: SandboxPlan, runsc: Runsc): void {
    if (!plan.isAnyActors) return;
    this.enqueue("prepare", async () => {
      if (this.#closing.signal.aborted || this.#ready) return;
      this.#ready = await Sandbox.create(this.#home, plan, runsc, this.#closing.signal);
    });
  }

  /** Does something in the background before the next wake. A failure is logged. */
  enqueue(what: string, step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error) => this.#report(what, error));
  }

  /** Destroys a sandbox in the background, after what is under way. A failure is logged. */
  remove(sandbox: Sandbox): void {
    this.#removals = Promise.all([this.#removals, this.#work])
      .then(() => sandbox.destroy())
      .catch((error) => this.#report("remove", error));
  }

  #report(step: string, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#log.warn({ step, error: String(error) }, "background step failed");
  }

  /** Returns when nothing is under way that a wake would wait for. */
  async settled(): Promise<void> {
    for (let work: Promise<void> | undefined; work !== this.#work; ) {
      work = this.#work;
      await work;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.settled();
    await this.#ready?.destroy();
    this.#ready = undefined;
    await this.#removals;
  }
}

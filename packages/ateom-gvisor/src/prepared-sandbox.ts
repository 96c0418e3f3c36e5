// Keeps one sandbox created ahead, of the shape of the worker's last workload. Everything here is off
// the wake path: a wake joins a creation that fits and is under way, for a bounded time, and waits
// neither for one that does not fit nor for anything that is removed.
import type { WorkerLog } from "@agent-substrate/ateom-kit";
import type { Runsc } from "./runsc.ts";
import { Sandbox, type SandboxHome } from "./sandbox.ts";
import type { SandboxPlan } from "./sandbox-plan.ts";
import { whenAborted } from "./when-aborted.ts";

/** A creation takes 0.1 s, and on a crowded machine 1 s; one that takes longer is given up. */
export const createAheadTimeoutMs = 5_000;

interface Creation {
  readonly plan: SandboxPlan;
  readonly runsc: Runsc;
  /** Undefined where it failed; then nothing of it is left. */
  readonly created: Promise<Sandbox | undefined>;
  /** Aborts when the creation takes too long, or nobody wants it any more. */
  readonly end: AbortController;
}

export class PreparedSandbox {
  readonly #home: SandboxHome;
  readonly #log: WorkerLog;
  readonly #timeoutMs: number;
  #isClosed = false;
  #next: Creation | undefined;
  /** Nobody waits for it but `close`. */
  #background: Promise<void> = Promise.resolve();

  /** `timeoutMs`: of one creation ahead; default `createAheadTimeoutMs`. */
  constructor(home: SandboxHome, log: WorkerLog, timeoutMs: number = createAheadTimeoutMs) {
    this.#home = home;
    this.#log = log;
    this.#timeoutMs = timeoutMs;
  }

  /** A created sandbox for the plan: the prepared one where it fits, else a new one. */
  async take(plan: SandboxPlan, runsc: Runsc, signal: AbortSignal): Promise<Sandbox> {
    const next = this.#next;
    this.#next = undefined;
    if (next && fits(next, plan, runsc)) {
      const givenUp = whenAborted(AbortSignal.any([next.end.signal, signal]));
      const sandbox = await Promise.race([next.created, givenUp]);
      if (sandbox?.isAlive) return sandbox;
    }
    const created = Sandbox.create(this.#home, plan, runsc, signal);
    if (next) this.#discard(next, created);
    return created;
  }

  /** Creates the next sandbox in the background. A failure is logged: the next wake creates its own. */
  prepare(plan: SandboxPlan, runsc: Runsc): void {
    if (!plan.isAnyActors || this.#isClosed || this.#next) return;
    this.#next = this.#create(plan, runsc);
  }

  /** Destroys a sandbox in the background, after a creation that is under way. A failure is logged. */
  remove(sandbox: Sandbox): void {
    this.#doLater("remove", this.#next?.created, () => sandbox.destroy());
  }

  /** Returns when no creation is under way. */
  async settled(): Promise<void> {
    await this.#next?.created;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const next = this.#next;
    this.#next = undefined;
    if (next) this.#discard(next);
    await this.#background;
  }

  #create(plan: SandboxPlan, runsc: Runsc): Creation {
    const end = new AbortController();
    const timer = setTimeout(() => {
      end.abort(new Error(`it took longer than ${this.#timeoutMs} ms`));
    }, this.#timeoutMs);
    const created = this.#createWaiting(plan, runsc, end.signal)
      .catch((error) => this.#report("prepare", end.signal.aborted ? end.signal.reason : error))
      .finally(() => clearTimeout(timer));
    return { plan, runsc, created, end };
  }

  async #createWaiting(plan: SandboxPlan, runsc: Runsc, signal: AbortSignal): Promise<Sandbox> {
    const sandbox = await Sandbox.create(this.#home, plan, runsc, signal);
    // Without it the sandbox is of use as well.
    await sandbox.awaitImage(signal).catch((error) => this.#report("await image", error));
    return sandbox;
  }

  /** Ends a creation and what came of it; `after` the wake that had no use for it has its own. */
  #discard({ created, end }: Creation, after?: Promise<unknown>): void {
    end.abort(unwanted);
    this.#doLater("discard", after, async () => {
      await (await created)?.destroy();
    });
  }

  #doLater(what: string, after: Promise<unknown> | undefined, step: () => Promise<void>): void {
    const done = Promise.allSettled([after])
      .then(step)
      .catch((error) => this.#report(what, error));
    this.#background = Promise.all([this.#background, done]).then(() => undefined);
  }

  #report(step: string, error: unknown): undefined {
    if (error === unwanted) return;
    this.#log.warn({ step, error: String(error) }, "background step failed");
  }
}

const unwanted = new Error("nobody wants it any more");

function fits(creation: Creation, plan: SandboxPlan, runsc: Runsc): boolean {
  const isSameRunsc = creation.runsc.path === runsc.path && creation.runsc.root === runsc.root;
  return isSameRunsc && creation.plan.key === plan.key;
}

import type { ActorTemplate } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Snapshot } from "../actors/actor-record.ts";
import type { Resource } from "../resources/resource-catalog.ts";

type Template = Resource<ActorTemplate>;

interface Waiter {
  resolve(golden: Snapshot): void;
  reject(error: unknown): void;
}

/** The golden snapshots by template, and those who wait for one. */
export class GoldenSnapshots {
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #failures = new Map<string, string>();
  readonly #waiters = new Map<string, Set<Waiter>>();

  find(template: Template): Snapshot | undefined {
    return this.#snapshots.get(template.uid);
  }

  /** FAILED_PRECONDITION with the reason where it could not be made; rejects when `signal` aborts. */
  async waitFor(template: Template, signal: AbortSignal): Promise<Snapshot> {
    const golden = this.find(template);
    if (golden) return golden;
    const failure = this.#failures.get(template.uid);
    if (failure !== undefined) throw templateFailed(template, failure);
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const waiters = this.#waiters.get(template.uid) ?? new Set();
      const waiter: Waiter = {
        resolve: (snapshot) => {
          signal.removeEventListener("abort", giveUp);
          resolve(snapshot);
        },
        reject: (error) => {
          signal.removeEventListener("abort", giveUp);
          reject(error);
        },
      };
      const giveUp = () => {
        waiters.delete(waiter);
        reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiters.set(template.uid, waiters.add(waiter));
    });
  }

  set(template: Template, golden: Snapshot): void {
    this.#failures.delete(template.uid);
    this.#snapshots.set(template.uid, golden);
    for (const waiter of this.#takeWaiters(template)) waiter.resolve(golden);
  }

  /** It cannot be made until the template is applied again. */
  fail(template: Template, reason: string): void {
    this.#failures.set(template.uid, reason);
    for (const waiter of this.#takeWaiters(template)) waiter.reject(templateFailed(template, reason));
  }

  /** It is being made anew. */
  retry(template: Template): void {
    this.#failures.delete(template.uid);
  }

  forget(template: Template): void {
    this.#snapshots.delete(template.uid);
    this.#failures.delete(template.uid);
    for (const waiter of this.#takeWaiters(template))
      waiter.reject(templateFailed(template, "it was deleted"));
  }

  #takeWaiters(template: Template): ReadonlySet<Waiter> {
    const waiters = this.#waiters.get(template.uid) ?? new Set();
    this.#waiters.delete(template.uid);
    return waiters;
  }
}

function templateFailed({ namespace, name }: Template, reason: string): ConnectError {
  return new ConnectError(
    `template ${namespace}/${name} is not ready: ${reason}; apply it again to try anew, or a mended one under another name`,
    Code.FailedPrecondition,
  );
}

// Whether a request may go to its actor now. L14: only on a binding that admits while the lease
// lives; whatever else is parked.
import type { ServerResponse } from "node:http";
import type { Bindings } from "./bindings.ts";
import type { Admission, Parking } from "./parking.ts";
import { Refusal } from "./refusal.ts";
import { actorKey, type Target } from "./resolve-target.ts";
import type { RouteLease } from "./route-lease.ts";

export interface AdmissionsOptions {
  readonly bindings: Bindings;
  readonly lease: RouteLease;
  readonly parking: Parking;
}

export class Admissions {
  readonly #options: AdmissionsOptions;

  constructor(options: AdmissionsOptions) {
    this.#options = options;
  }

  /**
   * Admits a request that need not wait; undefined for one that must.
   * @throws Refusal 404 `port-not-exposed`.
   */
  admitNow(target: Target): Admission | undefined {
    const { bindings, lease } = this.#options;
    const upstream = bindings.find(actorKey(target));
    if (!upstream?.isAdmitting || !lease.wasJustLive()) return undefined;
    requirePort(target, upstream.binding.ports);
    return { upstream, flight: upstream.enter() };
  }

  /**
   * Admits a request once it can. A client that hangs up (`response` closes) leaves the queue.
   * @throws Refusal 404 `port-not-exposed`, and what `Parking` refuses.
   */
  async admit(target: Target, response: ServerResponse): Promise<Admission> {
    const admission = await this.#park(target, response);
    try {
      requirePort(target, admission.upstream.binding.ports);
    } catch (refusal) {
      admission.flight.end();
      throw refusal;
    }
    return admission;
  }

  async #park(target: Target, response: ServerResponse): Promise<Admission> {
    const hangUp = new AbortController();
    const onClose = (): void => hangUp.abort();
    response.once("close", onClose);
    if (response.destroyed) onClose();
    try {
      return await this.#options.parking.park(target, hangUp.signal);
    } finally {
      response.off("close", onClose);
    }
  }
}

function requirePort(target: Target, ports: ReadonlySet<number>): void {
  if (ports.has(target.port)) return;
  const text = `actor ${actorKey(target)} does not expose port ${target.port}; its template may list it in spec.ports`;
  throw new Refusal(404, "port-not-exposed", text);
}

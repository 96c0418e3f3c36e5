import type { routes } from "@agent-substrate/contract";
import { Outbox } from "../streams/outbox.ts";

/** Updates that may wait for a router to read them: one an actor in the worst case. */
const updatesMax = 100_000;

/** One stream of a router, from its hello until its lease has ended. */
export class RouterSession {
  readonly routerId: string;
  readonly outbox = new Outbox<routes.RouteUpdate>(updatesMax);
  /** When this router certainly stops using its bindings, in milliseconds of the monotonic clock. */
  leaseEndsAt: number;
  /** The stream is up and its lease is renewed. */
  isOpen = true;

  constructor(routerId: string, leaseEndsAt: number) {
    this.routerId = routerId;
    this.leaseEndsAt = leaseEndsAt;
  }

  /** No renewal from now on. */
  cut(reason?: Error): void {
    this.isOpen = false;
    this.outbox.end(reason);
  }
}

import { Code, ConnectError } from "@connectrpc/connect";
import type { ContainerExit, Workload } from "../back-end.ts";
import type { Execution } from "./worker-state.ts";

/** What happened on a worker, beside what a call itself answers. */
export type WorkerEvent =
  | { readonly kind: "started" | "ready"; readonly execution: Execution }
  | { readonly kind: "exited"; readonly execution: Execution; readonly exit: ContainerExit }
  | { readonly kind: "draining" }
  | { readonly kind: "available" };

/** Events that may wait for a subscriber; one that is slower is cut off and asks for the status anew. */
const waitingMax = 64;
const subscribersMax = 16;

/** Tells many of a worker's events; nobody is waited for. */
export interface WorkerEvents {
  publish(event: WorkerEvent): void;
  /** Events from now on, until `signal` aborts or `end`. */
  subscribe(signal: AbortSignal): AsyncIterable<WorkerEvent>;
  /** Ends every subscription after what is waiting. */
  end(): void;
}

interface Subscriber {
  readonly waiting: WorkerEvent[];
  wake: () => void;
  isOver: boolean;
  tooSlow: boolean;
}

/** Without subscribers at first. */
export function createWorkerEvents(): WorkerEvents {
  const subscribers = new Set<Subscriber>();

  async function* follow(subscriber: Subscriber, signal: AbortSignal): AsyncGenerator<WorkerEvent> {
    const stop = () => {
      subscriber.isOver = true;
      subscriber.wake();
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      for (;;) {
        const event = subscriber.waiting.shift();
        if (event) yield event;
        else if (subscriber.tooSlow) throw new ConnectError("events were missed", Code.ResourceExhausted);
        else if (subscriber.isOver || signal.aborted) return;
        else await new Promise<void>((resolve) => (subscriber.wake = resolve));
      }
    } finally {
      signal.removeEventListener("abort", stop);
      subscribers.delete(subscriber);
    }
  }

  return {
    publish(event) {
      for (const subscriber of subscribers) {
        if (subscriber.waiting.length < waitingMax) subscriber.waiting.push(event);
        else {
          subscriber.tooSlow = true;
          subscribers.delete(subscriber);
        }
        subscriber.wake();
      }
    },
    subscribe(signal) {
      if (subscribers.size >= subscribersMax) {
        throw new ConnectError(`${subscribersMax} watch this worker already`, Code.ResourceExhausted);
      }
      const subscriber: Subscriber = { waiting: [], wake: () => undefined, isOver: false, tooSlow: false };
      subscribers.add(subscriber);
      return follow(subscriber, signal);
    },
    end() {
      for (const subscriber of subscribers) {
        subscriber.isOver = true;
        subscriber.wake();
      }
    },
  };
}

/** Names a container's exit in an error. */
export function describeExit(exit: ContainerExit, workload: Workload): string {
  const how = exit.outOfMemory
    ? "was ended for want of memory"
    : exit.signal
      ? `was ended by signal ${exit.signal}`
      : exit.code !== undefined
        ? `exited with code ${exit.code}`
        : "ended, and nobody told how";
  return `container "${exit.container}" of ${workload.key.actorId} ${how}`;
}

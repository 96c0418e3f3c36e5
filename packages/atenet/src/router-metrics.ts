import type { Metrics } from "@agent-substrate/process-kit";

/** What the router counts. L11: every bound has a number here that shows how near it is. */
export interface RouterMetrics {
  /** A request was answered, by its status class, and by whom: the actor or the router itself. */
  answered(status: number, refusalCode: string | undefined): void;
  /** A call that woke an actor, or failed to. */
  wakeEnded(outcome: "woken" | "failed", elapsedMs: number): void;
}

/** Numbers that are read at each scrape. */
export interface RouterGauges {
  readonly parked: () => number;
  readonly inFlight: () => number;
  readonly bindings: () => number;
  readonly leaseLives: () => boolean;
  readonly connections: () => number;
}

export function createRouterMetrics(metrics: Metrics, gauges: RouterGauges): RouterMetrics {
  const answers = metrics.counter("substrate_router_answers_total", "Requests answered", [
    "status",
    "refusal",
  ]);
  const wakes = metrics.histogram("substrate_router_wake_seconds", "Calls that wake an actor", {
    labels: ["outcome"],
  });
  metrics.gauge("substrate_router_parked_requests", "Requests that wait for their actor", {
    read: gauges.parked,
  });
  metrics.gauge("substrate_router_requests_in_flight", "Requests and streams at their actors", {
    read: gauges.inFlight,
  });
  metrics.gauge("substrate_router_bindings", "Actors that are bound to a worker", { read: gauges.bindings });
  metrics.gauge("substrate_router_lease_lives", "1 while bindings may be used", {
    read: () => (gauges.leaseLives() ? 1 : 0),
  });
  metrics.gauge("substrate_router_client_connections", "Connections of clients", {
    read: gauges.connections,
  });
  const served = [0, 1, 2, 3, 4, 5].map((first) => answers.labels({ status: `${first}xx`, refusal: "" }));
  return {
    answered(status, refusalCode) {
      const first = Math.floor(status / 100);
      if (refusalCode === undefined) served[first]?.inc();
      else answers.inc({ status: `${first}xx`, refusal: refusalCode });
    },
    wakeEnded: (outcome, elapsedMs) => wakes.observe({ outcome }, elapsedMs / 1000),
  };
}

// Puts the router together: table and lease, link, parking, listener. Nothing runs yet.
import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { ateapi, routes } from "@agent-substrate/contract";
import { createMetrics, type Logger, type Metrics } from "@agent-substrate/process-kit";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { createClient } from "@connectrpc/connect";
import { ActivityReport } from "./activity.ts";
import { Admissions } from "./admission.ts";
import { Bindings } from "./bindings.ts";
import { createListener } from "./listener.ts";
import type { ResolvedOptions } from "./options.ts";
import { Parking } from "./parking.ts";
import { RouteLease } from "./route-lease.ts";
import { type Exchange, routeRequest } from "./route-request.ts";
import { createRouterMetrics } from "./router-metrics.ts";
import { RoutesLink } from "./routes-link.ts";
import { stopListener } from "./stop-listener.ts";
import { wakeActor } from "./wake-actor.ts";

/** Beyond a request's patience, so that the wake outlives who asked first. */
const wakeTimeoutExtraMs = 5_000;

/** For the control plane to take in that this router is gone. */
const farewellMs = 500;

/** A router that is put together. */
export interface Router {
  readonly listener: Server;
  readonly metrics: Metrics;
  /** Keeps the link to the control plane until `stop`. */
  run(): void;
  /** Refuses who waits, lets what is in flight end (bounded), cuts the rest, says goodbye. */
  stop(): Promise<void>;
}

export function createRouter(options: ResolvedOptions, log: Logger): Router {
  const transport = rpcTransport(options.control);
  const control = createClient(ateapi.Control, transport);
  const lease = new RouteLease(options.testing?.clock);
  const activity = new ActivityReport((message) => link.sendActivity(message));
  const bindings: Bindings = new Bindings({
    lease,
    connectTimeoutMs: options.connectTimeoutMs,
    dialPort: options.testing?.dialPort ?? ((_binding, port) => port),
    onTraffic: (upstream) => activity.note(upstream),
    onChange: (key) => (bindings.find(key) ? parking.reconsider(key) : parking.reconsiderUnbound(key)),
    onDrained: (binding) => link.sendDrained(binding),
    onInvalid: (message, error) =>
      log.error({ atespace: message.atespace, actor: message.actorId, err: error }, "binding refused"),
  });
  const parking = new Parking({
    bindings,
    lease,
    wake: (name, signal) =>
      wakeActor(control, name, {
        signal,
        timeoutMs: options.patienceMs + wakeTimeoutExtraMs,
        isLinked: () => link.isLinked,
      }),
    patienceMs: options.patienceMs,
    perActorMax: options.parkedPerActorMax,
    allMax: options.parkedMax,
    ...(options.testing?.onParked && { onParked: options.testing.onParked }),
    onWake: (outcome, elapsedMs) => metrics.wakeEnded(outcome, elapsedMs),
  });
  const link = new RoutesLink({
    client: createClient(routes.Routes, transport),
    routerId: randomUUID(),
    bindings,
    lease,
    onUsable: () => parking.reconsiderAll(),
    log,
  });
  const admissions = new Admissions({ bindings, lease, parking });
  let open = 0;
  const listener = createListener(options.connectionsMax, (exchange) => void serve(exchange));
  const registry = createMetrics();
  const metrics = createRouterMetrics(registry, {
    parked: () => parking.parked,
    inFlight: () => bindings.inFlight,
    bindings: () => bindings.size,
    leaseLives: () => lease.isLive(),
    connections: () => open,
  });
  listener.on("connection", (socket) => {
    open++;
    socket.once("close", () => open--);
  });

  async function serve(exchange: Exchange): Promise<void> {
    const refusal = await routeRequest(admissions, exchange);
    metrics.answered(refusal?.status ?? exchange.response.statusCode, refusal?.code);
    if (refusal?.cause !== undefined) log.error({ err: refusal.cause }, "request failed");
  }

  const stopping = new AbortController();
  let linked: Promise<void> | undefined;
  return {
    listener,
    metrics: registry,
    run() {
      linked = link.run(stopping.signal);
    },
    async stop() {
      parking.close();
      await stopListener(listener, bindings, options.stopMs);
      bindings.end();
      activity.close();
      const farewell = setTimeout(() => stopping.abort(), link.close() ? farewellMs : 0);
      await linked;
      clearTimeout(farewell);
      transport.close();
    },
  };
}

// Puts the router together: table and lease, link, parking, listener.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ateapi, routes } from "@agent-substrate/contract";
import { createLogger, createMetrics } from "@agent-substrate/process-kit";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { createClient } from "@connectrpc/connect";
import { ActivityReport } from "./activity.ts";
import { Admissions } from "./admission.ts";
import { Bindings } from "./bindings.ts";
import { createListener } from "./listener.ts";
import { type AtenetOptions, defaultOptions } from "./options.ts";
import { Parking } from "./parking.ts";
import { RouteLease } from "./route-lease.ts";
import { type Exchange, routeRequest } from "./route-request.ts";
import { createRouterMetrics } from "./router-metrics.ts";
import { RoutesLink } from "./routes-link.ts";
import { createStatusServer } from "./status-server.ts";
import { stopListener } from "./stop-listener.ts";
import { wakeActor } from "./wake-actor.ts";

/** Beyond a request's patience, so that the wake outlives who asked first. */
const wakeTimeoutExtraMs = 5_000;

/** For the control plane to take in that this router is gone. */
const farewellMs = 500;

/** A router that serves. */
export interface Running extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Absent if none was asked for. */
  readonly statusPort?: number;
  /** Accepts nothing more, lets what is in flight end (bounded), then cuts. Idempotent. */
  stop(): Promise<void>;
}

/** Starts a router. It serves at once; requests wait until the control plane is there. */
export async function startAtenet(given: AtenetOptions): Promise<Running> {
  const options = { ...defaultOptions, ...given };
  const log = options.log ?? createLogger("atenet");
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
    metrics.answered(exchange.response.statusCode, refusal?.code);
  }

  await listen(listener, options.listen);
  const status = options.statusListen && createStatusServer(registry);
  if (status && options.statusListen) await listen(status, options.statusListen);
  if (options.dropTo) dropPrivileges(options.dropTo);

  const stopping = new AbortController();
  const linked = link.run(stopping.signal);
  const stop = async (): Promise<void> => {
    parking.close();
    await stopListener(listener, bindings, options.stopMs);
    bindings.end();
    activity.close();
    const farewell = setTimeout(() => stopping.abort(), link.close() ? farewellMs : 0);
    await linked;
    clearTimeout(farewell);
    transport.close();
    if (status) await stopListener(status, undefined, 0);
  };
  let stopped: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };
  return {
    host: options.listen.host,
    port: portOf(listener),
    ...(status && { statusPort: portOf(status) }),
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

async function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  server.listen(address.port, address.host);
  await once(server, "listening");
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function dropPrivileges({ uid, gid }: { uid: number; gid: number }): void {
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

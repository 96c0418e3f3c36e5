import { routes, validateDns1123Label } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { BindingTable } from "./binding-table.ts";
import type { RouterLeases } from "./router-leases.ts";
import type { RouterSession } from "./router-session.ts";

/** Told what routers see of traffic. */
export interface TrafficListener {
  report(routerId: string, activity: routes.ActorActivity): void;
  forgetRouter(routerId: string): void;
}

/** Serves `substrate.v1.Routes`. */
export function routesService(
  table: BindingTable,
  leases: RouterLeases,
  traffic: TrafficListener,
): ServiceImpl<typeof routes.Routes> {
  table.onChange(({ update }) => {
    // Also when a drain is called off: the router admits again, and acknowledges the next one anew.
    const admitsAgain = update.case === "binding" && update.value.state === routes.Binding_State.ADMITTING;
    if (update.case === "removed" || admitsAgain) {
      const { atespace, actorId, generation } = update.value;
      leases.forget({ atespace, actorId, generation: Number(generation) });
    }
  });
  return {
    async *connect(messages, context) {
      const incoming = messages[Symbol.asyncIterator]();
      const session = leases.open(await readHello(incoming));
      const stopListening = table.onChange((update) => session.outbox.push(update));
      try {
        session.outbox.push(welcome(leases));
        session.outbox.push(snapshot(table));
        void receive(incoming, session);
        yield* session.outbox.read(context.signal);
      } finally {
        stopListening();
        leases.leave(session);
        traffic.forgetRouter(session.routerId);
      }
    },
  };

  async function receive(
    incoming: AsyncIterator<routes.RouterMessage>,
    session: RouterSession,
  ): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await incoming.next();
        if (done) {
          // A router ends its side in order only when it uses no binding any more.
          leases.dismiss(session);
          break;
        }
        handle(value, session);
      }
      session.outbox.end();
    } catch (error) {
      session.outbox.end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function handle({ message }: routes.RouterMessage, session: RouterSession): void {
    if (message.case === "heartbeat") {
      if (!session.isOpen) return;
      leases.renew(session);
      const value = create(routes.HeartbeatAnswerSchema, { sequence: message.value.sequence });
      session.outbox.push(create(routes.RouteUpdateSchema, { update: { case: "heartbeatAnswer", value } }));
    } else if (message.case === "drained") {
      const { atespace, actorId, generation } = message.value;
      const known = table.find(atespace, actorId);
      // Of a binding that is gone, or that admits again, nobody waits to hear.
      if (known?.generation !== generation || known.state !== routes.Binding_State.DRAINING) return;
      leases.acknowledge(session.routerId, { atespace, actorId, generation: Number(generation) });
    } else if (message.case === "activity") {
      for (const reported of message.value.actors) traffic.report(session.routerId, reported);
    }
  }
}

async function readHello(incoming: AsyncIterator<routes.RouterMessage>): Promise<string> {
  const { done, value } = await incoming.next();
  if (done || value.message.case !== "hello") {
    throw new ConnectError("the first message should be a hello", Code.InvalidArgument);
  }
  return validateDns1123Label("router_id", value.message.value.routerId);
}

function welcome({ lease }: RouterLeases): routes.RouteUpdate {
  const value = create(routes.RouterWelcomeSchema, {
    heartbeatIntervalMs: lease.heartbeatIntervalMs,
    leaseMs: lease.leaseMs,
  });
  return create(routes.RouteUpdateSchema, { update: { case: "welcome", value } });
}

function snapshot(table: BindingTable): routes.RouteUpdate {
  const value = create(routes.RouteSnapshotSchema, { bindings: table.all() });
  return create(routes.RouteUpdateSchema, { update: { case: "snapshot", value } });
}

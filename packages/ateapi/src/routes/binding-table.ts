// What routers are told of: the actors that run, and those whose worker is being taken away.
import { routes } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { type ActorRecord, displayName } from "../actors/actor-record.ts";

/** What a template says about reaching its actors. */
export interface RouteShape {
  /** Ports beside 80. */
  readonly ports: readonly number[];
  /** What is in flight is cut after this. */
  readonly drainMs: number;
}

export type BindingListener = (update: routes.RouteUpdate) => void;

export class BindingTable {
  readonly #shapeOf: (actor: ActorRecord) => RouteShape;
  readonly #bindings = new Map<string, routes.Binding>();
  readonly #listeners = new Set<BindingListener>();

  constructor(shapeOf: (actor: ActorRecord) => RouteShape) {
    this.#shapeOf = shapeOf;
  }

  all(): routes.Binding[] {
    return [...this.#bindings.values()];
  }

  find(atespace: string, actorId: string): routes.Binding | undefined {
    return this.#bindings.get(displayName({ atespace, actorId }));
  }

  /** Answers how to stop listening. */
  onChange(listener: BindingListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes an actor as it now stands in the store. */
  update(actor: ActorRecord): void {
    const name = displayName(actor);
    const before = this.#bindings.get(name);
    const after = this.#bindingOf(actor);
    if (after) {
      this.#bindings.set(name, after);
      if (!before || before.generation !== after.generation || before.state !== after.state) {
        this.#publish({ case: "binding", value: after });
      }
    } else if (before) {
      this.#bindings.delete(name);
      const { atespace, actorId, generation } = before;
      this.#publish({
        case: "removed",
        value: create(routes.BindingRemovedSchema, { atespace, actorId, generation }),
      });
    }
  }

  /** The actor is gone. */
  remove(actor: ActorRecord): void {
    const { assignment: _assignment, ...gone } = actor;
    this.update(gone);
  }

  #bindingOf(actor: ActorRecord): routes.Binding | undefined {
    const { assignment, status, operation } = actor;
    // Nobody is routed to a golden actor, and to no other one before it is RUNNING.
    if (!assignment || actor.golden || status === "RESUMING") return undefined;
    const shape = this.#shapeOf(actor);
    return create(routes.BindingSchema, {
      atespace: actor.atespace,
      actorId: actor.actorId,
      generation: BigInt(actor.generation),
      state: status === "RUNNING" ? routes.Binding_State.ADMITTING : routes.Binding_State.DRAINING,
      address: assignment.address,
      ports: [...shape.ports],
      drainMs: operation?.kind === "revert" ? 0 : shape.drainMs,
    });
  }

  #publish(update: routes.RouteUpdate["update"]): void {
    const message = create(routes.RouteUpdateSchema, { update });
    for (const listener of this.#listeners) listener(message);
  }
}

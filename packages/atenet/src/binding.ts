// A binding as the router uses it: which worker address serves an actor, under which generation.
import { isIP } from "node:net";
import { InvalidInput, type routes, validateDns1123Label } from "@agent-substrate/contract";
import { type ActorName, actorKey, defaultPort } from "./resolve-target.ts";

/** One assignment of an actor to a worker; never changes, a new assignment has a higher generation. */
export interface Binding extends ActorName {
  readonly key: string;
  readonly generation: bigint;
  /** IP address of the worker. */
  readonly address: string;
  /** Ports that may be reached, 80 among them. */
  readonly ports: ReadonlySet<number>;
}

const portsMax = 64;

/**
 * Reads a binding that came over the wire.
 * @throws InvalidInput for a name, address or port that no binding can have.
 */
export function parseBinding(message: routes.Binding): Binding {
  const atespace = validateDns1123Label("atespace", message.atespace);
  const actorId = validateDns1123Label("actor_id", message.actorId);
  if (isIP(message.address) === 0) throw new InvalidInput("address", "is no IP address");
  if (message.ports.length > portsMax) throw new InvalidInput("ports", `has more than ${portsMax} entries`);
  for (const port of message.ports) {
    if (port < 1 || port > 65535) throw new InvalidInput("ports", `${port} is no port`);
  }
  return {
    atespace,
    actorId,
    key: actorKey({ atespace, actorId }),
    generation: message.generation,
    address: message.address,
    ports: new Set([defaultPort, ...message.ports]),
  };
}

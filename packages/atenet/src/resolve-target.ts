// Which actor and port a request is for: by Host, or by the headers `ate-target-actor` and
// `ate-target-port`. Every name is validated before it becomes a key or goes into a call.
import { InvalidInput, validateDns1123Label } from "@agent-substrate/contract";
import { Refusal } from "./refusal.ts";

/** `<atespace>/<actor>`. */
export const targetActorHeader = "ate-target-actor";
/** Port inside the actor, 1..65535. */
export const targetPortHeader = "ate-target-port";
/** Every actor's name ends with it. */
export const actorDomain = "actors.resources.substrate.ate.dev";
/** The port that every actor may be reached on. */
export const defaultPort = 80;

/** An actor as the control plane and the bindings name it. */
export interface ActorName {
  readonly atespace: string;
  readonly actorId: string;
}

/** Where a request wants to go. */
export interface Target extends ActorName {
  readonly port: number;
  /** What the actor sees as Host: the client's own one, or the canonical name when a header chose the actor. */
  readonly host: string;
}

/** What of a request names the target; header names in lower case, as node:http gives them. */
export interface TargetSource {
  readonly headers: {
    readonly host?: string | undefined;
    readonly [name: string]: string | string[] | undefined;
  };
}

/** The one key of an actor in the router's tables. */
export function actorKey(name: ActorName): string {
  return `${name.atespace}/${name.actorId}`;
}

/**
 * Resolves the target of a request.
 * @throws Refusal 404 `malformed-target` when it names none.
 */
export function resolveTarget(source: TargetSource): Target {
  try {
    return parseTarget(source);
  } catch (error) {
    if (error instanceof InvalidInput) throw new Refusal(404, "malformed-target", error.message);
    throw error;
  }
}

function parseTarget({ headers }: TargetSource): Target {
  const byHeader = single(targetActorHeader, headers[targetActorHeader]);
  const portText = single(targetPortHeader, headers[targetPortHeader]);
  const byHost = byHeader === undefined ? parseHost(single("host", headers.host) ?? "") : undefined;
  const name = byHost ?? parseTargetActor(byHeader ?? "");
  const port = portText === undefined ? (byHost?.port ?? defaultPort) : parsePort(targetPortHeader, portText);
  const host = byHost?.host ?? `${name.actorId}.${name.atespace}.${actorDomain}`;
  return { atespace: name.atespace, actorId: name.actorId, port, host };
}

function parseHost(host: string): Target {
  const bare = host
    .toLowerCase()
    .replace(/:\d{0,5}$/, "")
    .replace(/\.$/, "");
  if (!bare.endsWith(`.${actorDomain}`)) {
    throw new InvalidInput("host", `should be <actor>.<atespace>.${actorDomain}`);
  }
  const labels = bare.slice(0, -actorDomain.length - 1).split(".");
  const portLabel = labels.length === 3 ? labels.shift() : undefined;
  const [actorId, atespace] = labels;
  if (labels.length !== 2 || actorId === undefined || atespace === undefined) {
    throw new InvalidInput("host", `should be <actor>.<atespace>.${actorDomain}`);
  }
  return {
    ...validateName("host", atespace, actorId),
    port: portLabel === undefined ? defaultPort : parsePort("host", portLabel),
    host,
  };
}

function parseTargetActor(value: string): ActorName {
  const [atespace, actorId, ...rest] = value.split("/");
  if (atespace === undefined || actorId === undefined || rest.length > 0) {
    throw new InvalidInput(targetActorHeader, "should be <atespace>/<actor>");
  }
  return validateName(targetActorHeader, atespace, actorId);
}

function validateName(field: string, atespace: string, actorId: string): ActorName {
  return {
    atespace: validateDns1123Label(`${field} atespace`, atespace),
    actorId: validateDns1123Label(`${field} actor`, actorId),
  };
}

function parsePort(field: string, text: string): number {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) throw new InvalidInput(field, "the port should be 1..65535");
  return port;
}

function single(field: string, value: string | string[] | undefined): string | undefined {
  if (Array.isArray(value)) throw new InvalidInput(field, "should be given once");
  return value;
}

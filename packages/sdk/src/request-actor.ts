import { type IncomingMessage, request } from "node:http";
import { pipeline, Readable } from "node:stream";
import { validateDns1123Label } from "@agent-substrate/contract";
import { defaultRouter } from "./endpoint.ts";

/** The domain under which every actor has a name. */
const actorDomain = "actors.resources.substrate.ate.dev";

/** `fetch`'s options that make sense here, and which actor is meant. */
export interface ActorRequestInit {
  readonly atespace: string;
  readonly actor: string;
  /** Path and query, beginning with `/`, which is the default. */
  readonly path?: string;
  /** Another port of the actor than 80; its template must declare it. */
  readonly port?: number;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal;
  /** `host:port` of the router. Default: `SUBSTRATE_ROUTER`, else `127.0.0.1:7080`. */
  readonly router?: string;
}

/** An actor's host name. Throws `InvalidInput` for a name that is none. */
export function actorHost(atespace: string, actor: string, port?: number): string {
  validateDns1123Label("atespace", atespace);
  validateDns1123Label("actor", actor);
  return `${port === undefined ? "" : `${port}.`}${actor}.${atespace}.${actorDomain}`;
}

/** One HTTP request to an actor through the router, which wakes it where it sleeps. */
export async function requestActor(init: ActorRequestInit): Promise<Response> {
  const router = init.router ?? process.env.SUBSTRATE_ROUTER ?? defaultRouter;
  const host = actorHost(init.atespace, init.actor, init.port);
  // node:http and not fetch, which does not let its caller set the Host header.
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { hostname, port } = new URL(`http://${router}`);
  const outgoing = request(
    {
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port,
      // Not resolved as a URL, by which `//other` would name another host.
      path: init.path ?? "/",
      method: init.method ?? "GET",
      headers: { ...init.headers, host },
      ...(init.signal && { signal: init.signal }),
    },
    resolve,
  );
  outgoing.once("error", reject);
  if (init.body instanceof ReadableStream) {
    // A failure of the body reaches the request and so the promise.
    pipeline(Readable.fromWeb(init.body as never), outgoing, () => undefined);
  } else outgoing.end(init.body);
  return toResponse(await promise);
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index] ?? "", incoming.rawHeaders[index + 1] ?? "");
  }
  const status = incoming.statusCode ?? 0;
  const bodiless = status === 204 || status === 205 || status === 304;
  if (bodiless) incoming.resume();
  return new Response(bodiless ? null : (Readable.toWeb(incoming) as ReadableStream), { status, headers });
}

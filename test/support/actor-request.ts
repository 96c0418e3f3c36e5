import { type IncomingHttpHeaders, request } from "node:http";

export interface ActorAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body read as JSON; throws where it is none. */
  json<T>(): T;
}

export interface ActorRequest {
  /** `<actor>.<atespace>` */
  readonly actor: string;
  /** Default `/`. */
  readonly path?: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

const domain = "actors.resources.substrate.ate.dev";

/** Sends one request to an actor through the router at `host:port`, on a connection of its own. */
export function requestActor(router: string, options: ActorRequest): Promise<ActorAnswer> {
  const url = new URL(options.path ?? "/", `http://${router}`);
  const { promise, resolve, reject } = Promise.withResolvers<ActorAnswer>();
  const outgoing = request(url, {
    method: options.method ?? "GET",
    agent: false,
    headers: { host: `${options.actor}.${domain}`, ...options.headers },
    ...(options.signal && { signal: options.signal }),
  });
  outgoing.once("error", reject);
  outgoing.once("response", (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.once("error", reject);
    incoming.once("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        text,
        json: <T>() => JSON.parse(text) as T,
      });
    });
  });
  outgoing.end(options.body);
  return promise;
}

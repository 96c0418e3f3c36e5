import { once } from "node:events";
import http from "node:http";
import { text } from "node:stream/consumers";

export interface HttpTarget {
  readonly host: string;
  /** Default 80. */
  readonly port?: number;
  readonly path: string;
  /** Default GET. */
  readonly method?: string;
  readonly body?: string;
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** Default: a connection of its own. */
  readonly agent?: http.Agent;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** One request and its whole answer. Throws where nobody answers in time. */
export async function httpRequest(target: HttpTarget): Promise<HttpAnswer> {
  const { host, port = 80, path, method = "GET", body = "", timeoutMs = 5000, agent = false } = target;
  const request = http.request({ host, port, path, method, agent, signal: AbortSignal.timeout(timeoutMs) });
  request.end(body);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  return { status: response.statusCode ?? 0, text: await text(response) };
}

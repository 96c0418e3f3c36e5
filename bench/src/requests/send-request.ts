import { type IncomingHttpHeaders, request } from "node:http";
import type { Socket } from "node:net";

/** Where a request goes. */
export interface RequestTarget {
  readonly address: string;
  readonly port: number;
  /** The `Host` header. */
  readonly host: string;
}

export interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const limitMs = 60_000;

/**
 * One `POST /` on a connection of its own, or on `socket`; resolves when the whole answer is here.
 * Rejects for anything but a 200.
 */
export function sendRequest(target: RequestTarget, signal: AbortSignal, socket?: Socket): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request({
    host: target.address,
    port: target.port,
    method: "POST",
    path: "/",
    headers: { host: target.host, "content-length": 0 },
    agent: false,
    signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    ...(socket && { createConnection: () => socket }),
  });
  outgoing.once("error", reject);
  outgoing.once("response", (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.once("error", reject);
    incoming.once("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      if (incoming.statusCode === 200) resolve({ headers: incoming.headers, text });
      else reject(new Error(`${target.host} answered ${incoming.statusCode}: ${text.trim()}`));
    });
  });
  outgoing.end();
  return promise;
}

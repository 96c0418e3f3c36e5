// Which headers pass from client to actor and back. Hop-by-hop headers belong to one connection and
// never pass; neither does what would steer or imitate the router.
import type { IncomingMessage } from "node:http";
import { errorHeader } from "./refusal.ts";
import type { Target } from "./resolve-target.ts";

/** RFC 9110 section 7.6.1 and what RFC 2616 listed beside it; undici frames the message itself. */
const hopByHop = new Set([
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);
const ownRequestHeaders = new Set([
  "expect",
  "host",
  "trailer",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);
const steeringPrefix = "ate-target-";

/**
 * The request's headers as the actor gets them, flat name and value pairs. `x-forwarded-for` is
 * extended by the client's address; `x-forwarded-host` and `-proto` of a proxy in front are kept.
 */
export function headersToActor(request: IncomingMessage, target: Target): string[] {
  const { headers, rawHeaders } = request;
  const named = namedByConnection(headers.connection);
  const result = ["host", target.host];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || ownRequestHeaders.has(lower) || lower.startsWith(steeringPrefix)) continue;
    if (named?.has(lower)) continue;
    result.push(name, rawHeaders[index + 1] ?? "");
  }
  const client = request.socket.remoteAddress ?? "unknown";
  const before = headers["x-forwarded-for"];
  result.push("x-forwarded-for", before === undefined ? client : `${before}, ${client}`);
  result.push("x-forwarded-host", firstValue(headers["x-forwarded-host"]) ?? headers.host ?? target.host);
  result.push("x-forwarded-proto", firstValue(headers["x-forwarded-proto"]) ?? "http");
  return result;
}

/** The answer's headers as the client gets them, flat name and value pairs. */
export function headersToClient(rawHeaders: unknown): string[] {
  return pairs(rawHeaders, (name) => hopByHop.has(name) || name === errorHeader);
}

/** The headers of a `101 Switching Protocols`, which are about this very connection. */
export function upgradeHeadersToClient(rawHeaders: unknown): string[] {
  return pairs(rawHeaders, (name) => name === errorHeader);
}

/** Trailers as they came, name and value pairs. */
export function trailersToClient(rawTrailers: unknown): [name: string, value: string][] {
  const flat = pairs(rawTrailers, (name) => hopByHop.has(name) || name === "content-length");
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    result.push([flat[index] ?? "", flat[index + 1] ?? ""]);
  }
  return result;
}

/** undici gives raw headers of HTTP/1.1 as a flat list of buffers. */
function pairs(raw: unknown, isLeftOut: (lowerCaseName: string) => boolean): string[] {
  if (!Array.isArray(raw)) return [];
  const result: string[] = [];
  let connection: string | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = text(raw[index]);
    const lower = name.toLowerCase();
    if (lower === "connection") {
      const value = text(raw[index + 1]);
      connection = connection === undefined ? value : `${connection},${value}`;
    }
    if (!isLeftOut(lower)) result.push(name, text(raw[index + 1]));
  }
  const named = namedByConnection(connection);
  if (!named) return result;
  return result.filter((_part, index) => !named.has((result[index & ~1] ?? "").toLowerCase()));
}

function text(part: unknown): string {
  return Buffer.isBuffer(part) ? part.toString("latin1") : String(part);
}

/** Headers that a Connection header declares hop-by-hop; the framing of a message is never among them. */
function namedByConnection(value: string | undefined): Set<string> | undefined {
  if (value === undefined || /^(?:keep-alive|close)$/i.test(value)) return undefined;
  const names = value.toLowerCase().split(",", 32);
  return new Set(names.map((name) => name.trim()).filter((name) => name !== "content-length"));
}

function firstValue(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

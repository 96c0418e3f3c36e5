// What the router itself answers when it cannot hand a request to its actor. The mapping of the
// control plane's codes is part of the public contract.
import type { ServerResponse } from "node:http";
import { Code, type ConnectError } from "@connectrpc/connect";

/** Names a refusal in the header `x-substrate-error`; one reason each, listed in docs/reference. */
export type RefusalCode =
  | "malformed-target"
  | "malformed-request"
  | "port-not-exposed"
  | "parking-full"
  | "wake-timeout"
  | "actor-unreachable"
  | "actor-moved"
  | "bad-answer"
  | "stopping"
  | "client-gone"
  | "internal"
  | `control-plane-${string}`;

/** Header that tells a router's answer from an actor's. */
export const errorHeader = "x-substrate-error";

const retryAfterSeconds = 1;

/** An answer of the router's own: a status, a code, and one line of text. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;

  /** `cause` is what the log gets and the client does not. */
  constructor(status: number, code: RefusalCode, text: string, cause?: unknown) {
    super(text, { cause });
    this.name = "Refusal";
    this.status = status;
    this.code = code;
  }

  /** For a failed call to the control plane about this actor. */
  static fromControlPlane(actor: string, error: ConnectError): Refusal {
    const status = statusByCode.get(error.code) ?? 500;
    return new Refusal(
      status,
      `control-plane-${codeName(error.code)}`,
      `actor ${actor}: ${error.rawMessage}`,
    );
  }
}

const statusByCode = new Map<Code, number>([
  [Code.NotFound, 404],
  [Code.FailedPrecondition, 503],
  [Code.Unavailable, 503],
  [Code.DeadlineExceeded, 504],
  [Code.PermissionDenied, 403],
  [Code.Unauthenticated, 401],
  [Code.ResourceExhausted, 429],
]);

function codeName(code: Code): string {
  return Code[code].replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** Answers with a refusal; the connection is kept only if the request's body was read. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  const text = `${oneLine(refusal.message)}\n`;
  const headers: Record<string, string | number> = {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    [errorHeader]: refusal.code,
  };
  if (refusal.status === 503) headers["retry-after"] = retryAfterSeconds;
  response.writeHead(refusal.status, headers).end(text);
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ").slice(0, 1000);
}

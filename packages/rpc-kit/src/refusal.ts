// Who may call is decided before a handler sees the request, so a refusal is written by hand in the
// form that the caller's protocol expects.
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import { Code, type ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus, codeToString } from "@connectrpc/connect/protocol-connect";

/** What is known of a request before its body is read. `url` is path and query. */
export interface AuthorizedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket: Socket;
  readonly method: string;
  readonly url: string;
}

/** Why a request is not served. `message` is shown to the caller. */
export interface Refusal {
  readonly code: Code;
  readonly message: string;
}

/** Answers nothing to let a request in, or why not. A rejection counts as a refusal with INTERNAL. */
// biome-ignore lint/suspicious/noConfusingVoidType: a checker that lets everybody in returns nothing
export type Authorize = (request: AuthorizedRequest) => Promise<void | Refusal>;

/** Answers gRPC and gRPC-web with a status in the headers, and everybody else with HTTP status and JSON. */
export function writeRefusal(
  anyResponse: ServerResponse | Http2ServerResponse,
  contentType: string | undefined,
  refusal: Refusal | ConnectError,
): void {
  // Their overloads differ in what this does not use.
  const response = anyResponse as ServerResponse;
  const message = "rawMessage" in refusal ? refusal.rawMessage : refusal.message;
  if (contentType?.startsWith("application/grpc")) {
    response.setHeader("content-type", contentType);
    response.setHeader("grpc-status", String(refusal.code));
    response.setHeader("grpc-message", encodeURI(message));
    // Not by writeHead: status in headers counts only where they also end the stream.
    response.end();
    return;
  }
  response.writeHead(codeToHttpStatus(refusal.code), { "content-type": "application/json" });
  response.end(JSON.stringify({ code: codeToString(refusal.code), message }));
}

/** Unknown paths and malformed requests. */
export const noSuchCall: Refusal = { code: Code.Unimplemented, message: "this server has no such call" };

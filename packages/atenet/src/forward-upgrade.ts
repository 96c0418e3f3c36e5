// An upgrade (WebSocket and the like) to its actor. Only a 101 makes the two connections one; any
// other answer is an ordinary one, after which the client's connection ends: left open, what the
// client sent next would reach this actor whatever it asked for.
import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Forwarding } from "./forward-http.ts";
import { upgradeHeadersToClient } from "./forwarded-headers.ts";
import { splice } from "./splice.ts";

/** Whether node:http hands a request over as an upgrade; others, `h2c` too, are served as they are. */
export function isUpgrade(request: IncomingMessage): boolean {
  const protocol = request.headers.upgrade?.toLowerCase();
  return protocol !== undefined && !protocol.split(",").some((name) => name.trim().startsWith("h2c"));
}

/**
 * Notes that a client hangs up while it waits: nothing else reads its connection, and a socket that
 * nobody reads does not say that it ended. Returns what stops the watch.
 */
export function watchHangUp(client: Duplex): () => void {
  const onReadable = (): void => {
    if (client.readableLength === 0) client.read();
  };
  const onEnd = (): void => {
    client.destroy();
  };
  client.on("readable", onReadable).on("end", onEnd);
  return () => client.off("readable", onReadable).off("end", onEnd);
}

/** A response for a connection that node:http has let go of; it ends the connection. */
export function responseTo(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(asSocket(socket));
  response.once("finish", () => {
    response.detachSocket(asSocket(socket));
    asSocket(socket).destroySoon();
  });
  return response;
}

/** The client's side of an upgrade. */
export interface Upgrade {
  readonly socket: Duplex;
  /** What the client sent behind its request. */
  readonly head: Buffer;
  /** Ends the watch of `watchHangUp`. */
  readonly unwatch: () => void;
}

/** What makes a forwarding an upgrade. */
export function upgradeOf(
  { socket: client, head, unwatch }: Upgrade,
  options: Pick<Forwarding, "admission" | "request" | "response" | "serverTiming">,
): NonNullable<Forwarding["upgrade"]> {
  const { admission, request, response, serverTiming } = options;
  return {
    protocol: request.headers.upgrade ?? "",
    accept: (rawHeaders, actor) => {
      unwatch();
      response.detachSocket(asSocket(client));
      const headers = upgradeHeadersToClient(rawHeaders);
      const timing = serverTiming();
      if (timing !== undefined) headers.push("server-timing", timing);
      client.write(formatHead(headers), "latin1");
      if (head.length > 0) actor.write(head);
      splice(client, actor, admission);
    },
  };
}

/** What comes with `upgrade` is the client's socket, though it is typed as any Duplex. */
function asSocket(client: Duplex): Socket {
  return client as Socket;
}

function formatHead(headers: readonly string[]): string {
  let head = "HTTP/1.1 101 Switching Protocols\r\n";
  for (let index = 0; index + 1 < headers.length; index += 2) {
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  return `${head}\r\n`;
}

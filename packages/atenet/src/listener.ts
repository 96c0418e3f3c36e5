// The clients' side: a plain HTTP/1.1 server. Requests and answers may be silent for as long as they
// like; only the head of a request has to come in time.
import { createServer, type Server } from "node:http";
import { isUpgrade, responseTo, watchHangUp } from "./forward-upgrade.ts";
import type { Exchange } from "./route-request.ts";

const requestHeadMaxBytes = 32 * 1024;
const requestHeadMs = 30_000;
/** An unused connection of a client. */
const idleConnectionMs = 60_000;
/** Tells of peers that vanished. */
const tcpKeepAliveMs = 30_000;

/** Hands each request, upgrades too, to `route`. Does not listen yet. */
export function createListener(connectionsMax: number, route: (exchange: Exchange) => void): Server {
  const server = createServer({
    maxHeaderSize: requestHeadMaxBytes,
    requestTimeout: 0,
    headersTimeout: requestHeadMs,
    keepAliveTimeout: idleConnectionMs,
    keepAlive: true,
    keepAliveInitialDelay: tcpKeepAliveMs,
    noDelay: true,
    shouldUpgradeCallback: isUpgrade,
  });
  server.maxConnections = connectionsMax;
  const serve = (exchange: Exchange): void => {
    // A connection that falls idle while the server stops would hold the stop up.
    exchange.response.once("close", () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    route(exchange);
  };
  server.on("request", (request, response) => serve({ request, response }));
  server.on("checkContinue", (request, response) => serve({ request, response, expectsContinue: true }));
  server.on("upgrade", (request, socket, head) => {
    // node:http has let go of the socket, and an error that nobody hears ends the process.
    socket.on("error", () => socket.destroy());
    route({
      request,
      response: responseTo(request, socket),
      upgrade: { socket, head, unwatch: watchHangUp(socket) },
    });
  });
  return server;
}

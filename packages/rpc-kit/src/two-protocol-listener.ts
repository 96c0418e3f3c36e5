// HTTP/1.1 and HTTP/2 without TLS on one listener. A cleartext node:http2 server refuses HTTP/1.1, so
// the first bytes are read here, put back, and the connection is handed to the server they are for.
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";

/** How long a new connection may stay silent. */
const firstBytesTimeoutMs = 10_000;
/** Headers of an HTTP/1.1 request must arrive within this time. */
const headersTimeoutMs = 10_000;
/** Streams that one HTTP/2 connection may have open. */
const streamsPerConnectionMax = 4096;
/** Memory in MiB that one HTTP/2 session may use for buffered frames. */
const sessionMemoryMaxMib = 64;

/** What serves a request, whichever protocol it came by. */
export type HttpHandler = (
  request: http.IncomingMessage | http2.Http2ServerRequest,
  response: http.ServerResponse | http2.Http2ServerResponse,
) => void;

export interface TwoProtocolListener {
  /** Not yet listening. */
  readonly server: net.Server;
  /** Accepts no more, tells peers to go, and resolves when the last connection has ended. */
  drain(): Promise<void>;
  /** Ends every connection at once. */
  destroyConnections(): void;
}

/** `connectionsMax` bounds open connections; one more is closed at once. */
export function createTwoProtocolListener(handler: HttpHandler, connectionsMax: number): TwoProtocolListener {
  // Long uploads are bounded by their own size limits and not by a time for the whole request.
  const http1 = http.createServer({ requestTimeout: 0, headersTimeout: headersTimeoutMs }, handler);
  // Starts the check of headersTimeout, which Node ties to a listen() that this server never makes.
  http1.emit("listening");
  const h2 = http2.createServer(
    { maxSessionMemory: sessionMemoryMaxMib, settings: { maxConcurrentStreams: streamsPerConnectionMax } },
    handler,
  );
  const sockets = new Set<net.Socket>();
  const silent = new Set<net.Socket>();
  const sessions = new Set<http2.ServerHttp2Session>();
  h2.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      silent.delete(socket);
    });
    // The HTTP servers add their own listener; until then a reset must not be an uncaught error.
    socket.on("error", () => socket.destroy());
    silent.add(socket);
    handOver(socket, (protocol) => {
      silent.delete(socket);
      (protocol === "h2" ? h2 : http1).emit("connection", socket);
    });
  });
  server.maxConnections = connectionsMax;

  return {
    server,
    async drain() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of silent) socket.destroy();
      for (const session of sessions) session.close();
      http1.close();
      http1.closeIdleConnections();
      await closed;
    },
    destroyConnections() {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Reads the first bytes of a connection, puts them back, and says for which server it is. */
function handOver(socket: net.Socket, decided: (protocol: "h1" | "h2") => void): void {
  const silence = setTimeout(() => socket.destroy(), firstBytesTimeoutMs);
  socket.once("close", () => clearTimeout(silence));
  let held = Buffer.alloc(0);
  const onReadable = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    held = Buffer.concat([held, chunk]);
    // No method of HTTP/1.1 begins with these three bytes of the HTTP/2 preface.
    const start = held.subarray(0, 3).toString("latin1");
    if (start.length < 3 && "PRI".startsWith(start)) return;
    socket.off("readable", onReadable);
    clearTimeout(silence);
    socket.unshift(held);
    decided(start === "PRI" ? "h2" : "h1");
  };
  socket.on("readable", onReadable);
}

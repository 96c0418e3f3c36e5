// A program that tests start in a network namespace and tell over IPC what to do there.
import dgram from "node:dgram";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { text } from "node:stream/consumers";

/** How long a connection may stay unanswered before it counts as dropped. */
const dropTimeoutMs = 1000;

const connections = new Map<number, net.Socket>();
/** Connection -> code of the error that ended it. */
const broken = new Map<number, string>();
const datagrams: { from: string; text: string }[] = [];
let arrived = Promise.withResolvers<void>();

/** Errors are answered by their code, since refusals are what many tests look for. */
function outcomeOf(socket: net.Socket, event: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("dropped"), dropTimeoutMs);
  socket.once(event, (data?: Buffer) => resolve(data?.toString() ?? event));
  socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  return promise.finally(() => clearTimeout(timer));
}

export const peerCalls = {
  /** Echoes on TCP, after a line with the address of the caller. */
  async serveTcp(port: number, host = "0.0.0.0"): Promise<void> {
    const server = net.createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write(`from ${socket.remoteAddress}`);
      socket.pipe(socket);
    });
    server.listen(port, host);
    await once(server, "listening");
  },
  /** Echoes on UDP and keeps what came. */
  async serveUdp(port: number, host = "0.0.0.0"): Promise<void> {
    const socket = dgram.createSocket("udp4");
    socket.on("message", (message, from) => {
      datagrams.push({ from: from.address, text: message.toString() });
      arrived.resolve();
      arrived = Promise.withResolvers();
      socket.send(message, from.port, from.address);
    });
    socket.bind(port, host);
    await once(socket, "listening");
  },
  /** All that came by UDP up to `last`. */
  async received(last: string): Promise<typeof datagrams> {
    while (!datagrams.some((datagram) => datagram.text === last)) await arrived.promise;
    return datagrams;
  },
  /** What a connection gives first: what the other side sends, an error's code, or "dropped". */
  async connect(id: number, host: string, port: number): Promise<string> {
    const socket = net.connect({ host, port });
    socket.on("error", (error: NodeJS.ErrnoException) => broken.set(id, error.code ?? error.message));
    connections.set(id, socket);
    return outcomeOf(socket, "data");
  },
  /** Writes to a connection and answers what comes back, or the error that ended it. */
  async write(id: number, message: string): Promise<string> {
    const socket = connections.get(id);
    if (!socket || broken.has(id)) return broken.get(id) ?? "no connection";
    const outcome = outcomeOf(socket, "data");
    socket.write(message);
    return outcome;
  },
  async get(url: string): Promise<string> {
    // Each on its own connection: a kept one would end with the actor that it led to.
    const [response] = await once(http.get(url, { agent: false }), "response");
    return text(response);
  },
  async sendUdp(host: string, port: number, message: string, from = "0.0.0.0"): Promise<void> {
    const socket = dgram.createSocket("udp4");
    socket.bind(0, from);
    await once(socket, "listening");
    await new Promise((resolve) => socket.send(message, port, host, resolve));
    socket.close();
  },
  /** Sends by UDP and answers the echo. */
  async askUdp(host: string, port: number, message: string): Promise<string> {
    const socket = dgram.createSocket("udp4");
    socket.send(message, port, host);
    const [answer] = await once(socket, "message");
    socket.close();
    return String(answer);
  },
};

if (process.send) {
  process.on(
    "message",
    async ({ id, name, args }: { id: number; name: keyof typeof peerCalls; args: never[] }) => {
      const call = peerCalls[name] as (...args: never[]) => Promise<unknown>;
      try {
        process.send?.({ id, result: await call(...args) });
      } catch (failure) {
        process.send?.({ id, error: String(failure) });
      }
    },
  );
  process.on("disconnect", () => process.exit());
}

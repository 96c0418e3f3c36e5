// Answers the actors' DNS questions on the node's side of one worker's link by asking this machine's
// own name servers. It reads nothing of a message but its header. L11: messages, questions in flight,
// connections and waits are bounded. Actors reach this code: nothing that they or the network do may
// throw out of a callback.
import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, isIPv6, type Socket } from "node:net";
import type { NameServers } from "./name-servers.ts";

const questionsMax = 128;
const connectionsMax = 16;
const answerTimeoutMs = 2_000;
const connectionIdleMs = 10_000;
const headerBytes = 12;
/** Bits of the header's third and fourth byte. */
const isResponse = 0x80;
const recursionAvailable = 0x80;
const serverFailed = 2;

export interface DnsForwarder {
  /** Ends at once; open questions get no answer. Idempotent. */
  close(): Promise<void>;
}

/** Listens on `address`, UDP and TCP. `port` is 53, or another where no worker asks (tests). */
export async function startDnsForwarder(
  address: string,
  servers: NameServers,
  { port = 53, serverPort = 53 }: { port?: number; serverPort?: number } = {},
): Promise<DnsForwarder> {
  const closing = new AbortController();
  const sockets = new Set<Socket>();
  let questions = 0;

  const udp = createSocket("udp4");
  udp.on("message", (question, asker) => {
    if (questions >= questionsMax || question.length < headerBytes) return;
    questions += 1;
    answer(question, asker)
      .catch(() => undefined)
      .finally(() => {
        questions -= 1;
      });
  });
  const answer = async (question: Buffer, asker: RemoteInfo) => {
    const reply = (await askServers(question)) ?? serverFailure(question);
    if (!closing.signal.aborted) udp.send(reply, asker.port, asker.address);
  };
  const askServers = async (question: Buffer) => {
    for (const server of await servers.current()) {
      const reply = await askServer(server, serverPort, question, closing.signal);
      if (reply || closing.signal.aborted) return reply;
    }
    return undefined;
  };

  const tcp = createServer((client) => {
    if (sockets.size >= connectionsMax) return client.destroy();
    hold(client, sockets);
    servers.current().then(([server]) => {
      if (server === undefined || closing.signal.aborted) return client.destroy();
      splice(client, hold(connect(serverPort, server), sockets));
    });
  });

  udp.bind(port, address);
  tcp.listen(port, address);
  udp.on("error", () => undefined);
  // A connection that could not be taken, for want of descriptors: the next one may be.
  tcp.on("error", () => undefined);
  try {
    await Promise.all([once(udp, "listening"), once(tcp, "listening")]);
  } catch (error) {
    tcp.close();
    udp.close();
    throw error;
  }
  let closed: Promise<void> | undefined;
  const close = async () => {
    closing.abort();
    const ended = [once(udp, "close"), once(tcp, "close")];
    udp.close();
    tcp.close();
    for (const socket of sockets) socket.destroy();
    await Promise.all(ended);
  };
  return { close: () => (closed ??= close()) };
}

/** Each question leaves by a socket of its own, so that its port is as hard to guess as the kernel makes it. */
async function askServer(
  server: string,
  port: number,
  question: Buffer,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const socket = createSocket(isIPv6(server) ? "udp6" : "udp4");
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  let isOver = false;
  const giveUp = () => {
    isOver = true;
    resolve(undefined);
  };
  const timeout = setTimeout(giveUp, answerTimeoutMs);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    socket.on("error", giveUp);
    socket.on("message", (reply) => {
      const sameId = reply.length >= headerBytes && reply.readUInt16BE(0) === question.readUInt16BE(0);
      if (sameId) resolve(reply);
    });
    // Connected: the kernel drops what others send. Without a route it fails, and the callback is told.
    socket.connect(port, server, (failure?: Error) => {
      if (failure || isOver) giveUp();
      else socket.send(question, (unsent) => unsent && giveUp());
    });
    return await promise;
  } finally {
    clearTimeout(timeout);
    signal.removeEventListener("abort", giveUp);
    socket.close();
  }
}

/** The question as an answer that says that no server answered (SERVFAIL). */
function serverFailure(question: Buffer): Buffer {
  const reply = Buffer.from(question);
  reply.writeUInt8(reply.readUInt8(2) | isResponse, 2);
  reply.writeUInt8(recursionAvailable | serverFailed, 3);
  return reply;
}

function hold(socket: Socket, sockets: Set<Socket>): Socket {
  sockets.add(socket);
  socket.setTimeout(connectionIdleMs, () => socket.destroy());
  socket.on("close", () => sockets.delete(socket));
  socket.on("error", () => socket.destroy());
  return socket;
}

function splice(client: Socket, server: Socket): void {
  client.pipe(server).pipe(client);
  client.on("close", () => server.destroy());
  server.on("close", () => client.destroy());
}

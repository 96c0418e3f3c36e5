// How a client that knows nothing of a restore finds out that its server is there: it tries.
import { connect, type Socket } from "node:net";
import { type Answer, type RequestTarget, sendRequest } from "./send-request.ts";

const betweenTriesMs = 2;
/** A SYN that came while nobody had the address is lost, and the kernel would repeat it after a second. */
const tryMs = 50;
const limitMs = 30_000;

/** Connects anew every 2 ms, and sends its request on the first connection that stands. */
export async function firstAnswer(target: RequestTarget, stop: AbortSignal): Promise<Answer> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(limitMs)]);
  for (;;) {
    const socket = await firstConnection(target, signal);
    try {
      return await sendRequest(target, signal, socket);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (signal.aborted || code !== "ECONNRESET") throw error;
    } finally {
      socket.destroy();
    }
  }
}

function firstConnection({ address, port }: RequestTarget, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const tries = new Set<Socket>();
  let first: Socket | undefined;
  const attempt = () => {
    const socket = connect({ host: address, port, noDelay: true });
    tries.add(socket);
    const limit = setTimeout(() => socket.destroy(), tryMs);
    socket.once("close", () => {
      clearTimeout(limit);
      tries.delete(socket);
    });
    // Refused, or destroyed: the next try is on its way.
    socket.on("error", () => undefined);
    socket.once("connect", () => {
      if (first) return;
      first = socket;
      clearTimeout(limit);
      tries.delete(socket);
      resolve(socket);
    });
  };
  const timer = setInterval(attempt, betweenTriesMs);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  else attempt();
  return promise.finally(() => {
    clearInterval(timer);
    signal.removeEventListener("abort", onAbort);
    for (const socket of tries) socket.destroy();
  });
}

// How a client that knows nothing of a restore finds out that its server is there: it tries. One
// connection at a time, for each one more that a waking server has to take costs it milliseconds.
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, type RequestTarget, sendRequest } from "./send-request.ts";

const betweenTriesMs = 2;
/** Beside 2 ms, so that a crowded machine comes to its answer too. */
const patienceGrowth = 0.02;
const limitMs = 30_000;

/** Connects anew every 2 ms, and sends its request on the first connection that stands. */
export async function firstAnswer(target: RequestTarget, stop: AbortSignal): Promise<Answer> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(limitMs)]);
  const start = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const next = delay(betweenTriesMs);
    const patienceMs = betweenTriesMs + (performance.now() - start) * patienceGrowth;
    const socket = await connectWithin(target, patienceMs);
    try {
      if (socket) return await sendRequest(target, signal, socket);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (signal.aborted || code !== "ECONNRESET") throw error;
    } finally {
      socket?.destroy();
    }
    await next;
  }
}

/** Undefined where it is refused, or a SYN was lost: the kernel would send it again after a second. */
function connectWithin({ address, port }: RequestTarget, limitMs: number): Promise<Socket | undefined> {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
  const socket = connect({ host: address, port, noDelay: true });
  const timer = setTimeout(() => socket.destroy(), limitMs);
  // What happens to it later is told by the request that it is used for.
  socket.on("error", () => undefined);
  socket.once("connect", () => resolve(socket));
  socket.once("close", () => resolve(undefined));
  return promise.finally(() => clearTimeout(timer));
}

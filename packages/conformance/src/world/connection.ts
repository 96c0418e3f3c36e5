import { once } from "node:events";
import net from "node:net";

const silenceMs = 1_000;

/** A plain TCP connection that says what comes of what is sent. */
export interface Connection {
  /** The text that comes first, the code of the error, `closed`, or `silence` after a second. */
  exchange(text: string): Promise<string>;
  close(): void;
}

export async function openConnection(host: string, port = 80): Promise<Connection> {
  const socket = net.connect({ host, port });
  await once(socket, "connect", { signal: AbortSignal.timeout(5_000) });
  let end: string | undefined;
  socket.setEncoding("utf8");
  socket.on("error", (error: NodeJS.ErrnoException) => (end ??= error.code ?? error.message));
  socket.on("close", () => (end ??= "closed"));
  return {
    async exchange(text) {
      if (end !== undefined) return end;
      const { promise, resolve } = Promise.withResolvers<string>();
      const onClose = () => resolve(end ?? "closed");
      socket.once("data", resolve);
      socket.once("close", onClose);
      const timer = setTimeout(() => resolve("silence"), silenceMs);
      socket.write(text);
      return promise.finally(() => {
        clearTimeout(timer);
        socket.off("data", resolve).off("close", onClose);
      });
    },
    close: () => void socket.destroy(),
  };
}

// A request's body on its way to the actor. Nothing is read before the actor's connection asks for
// it: until then the client is held back by its own socket, and the request can still be sent
// elsewhere.
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** What is left of a body when its answer is already there is read and thrown away up to these. */
const leftoverMaxBytes = 1024 * 1024;
const leftoverMaxMs = 5_000;

/** Whether the request has a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  if (headers["transfer-encoding"] !== undefined) return true;
  return headers["content-length"] !== undefined && headers["content-length"] !== "0";
}

/** A stream of its own, so that its consumer may destroy it without harm to the client's connection. */
export class RequestBody extends Readable {
  readonly #request: IncomingMessage;
  readonly #onStart: () => void;
  #isAttached = false;

  /** `onStart` is called once, when the body is first asked for. */
  constructor(request: IncomingMessage, onStart: () => void) {
    super({ highWaterMark: 64 * 1024 });
    this.#request = request;
    this.#onStart = onStart;
  }

  /** False while the request can still be sent to another place. */
  get wasRead(): boolean {
    return this.#isAttached;
  }

  override _read(): void {
    if (this.#isAttached) {
      this.#request.resume();
      return;
    }
    this.#isAttached = true;
    this.#onStart();
    if (this.#request.destroyed) {
      this.destroy(new Error("the client hung up"));
      return;
    }
    this.#request.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onClose);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.#isAttached) {
      this.#request.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
      this.#request.pause();
    }
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#request.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (!this.#request.complete) this.destroy(new Error("the client hung up"));
  };
}

/** Reads what is left of a body, so that its connection can be used again; cuts it past the bounds. */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), leftoverMaxMs);
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > leftoverMaxBytes) socket.destroy();
  });
  request.once("close", () => clearTimeout(timer)).on("error", () => {});
  request.resume();
}

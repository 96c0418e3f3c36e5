// One request to its actor and the answer back, streaming both ways with back-pressure. Two limits
// of undici's HTTP/1.1: the head of a request with a body leaves with the body's first byte, and
// trailers of a request do not pass (those of an answer do).
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { headersToClient, trailersToClient } from "./forwarded-headers.ts";
import type { Admission } from "./parking.ts";
import type { RequestBody } from "./request-body.ts";
import type { Target } from "./resolve-target.ts";

/** The report of a wake is on its way when the actor answers; it is not waited for longer than this. */
const timingPatienceMs = 50;

/** How a forwarding ended. */
export type ForwardOutcome =
  /** Answered, or the client is gone, or the answer broke off and so did the client's connection. */
  | { readonly kind: "served" }
  /** No byte of the request has left: it can be sent again, also elsewhere. */
  | { readonly kind: "unsent"; readonly error: Error }
  /** Sent, and no byte of an answer has come. */
  | { readonly kind: "unanswered"; readonly error: Error }
  /** The answer cannot be passed on. */
  | { readonly kind: "unusable"; readonly error: Error };

export interface Forwarding {
  readonly admission: Admission;
  readonly target: Target;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Flat name and value pairs. */
  readonly headers: string[];
  /** Path and query. */
  readonly path: string;
  readonly body: RequestBody | null;
  /** A value for `server-timing`, asked for once `timingReady` has settled. */
  readonly serverTiming: () => string | undefined;
  /** The head of the answer waits for it, for a bounded moment. */
  readonly timingReady: Promise<void> | undefined;
  /** The protocol to upgrade to, and who takes over once the actor agrees. */
  readonly upgrade?: {
    readonly protocol: string;
    readonly accept: (rawHeaders: unknown, socket: Duplex) => void;
  };
}

/** Forwards a request that was admitted; ends its flight. */
export function forwardHttp(forwarding: Forwarding): Promise<ForwardOutcome> {
  return new Promise((resolve) => {
    const { admission, target, request, body, headers, path, upgrade } = forwarding;
    const handler = new AnswerHandler(forwarding, resolve);
    admission.upstream.dispatch(
      target.port,
      { method: request.method ?? "GET", path, headers, body, upgrade: upgrade?.protocol ?? null },
      handler,
    );
  });
}

class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #forwarding: Forwarding;
  readonly #settle: (outcome: ForwardOutcome) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #isAnswered = false;
  /** The answer's head has left, with the first piece of its body. */
  #hasBegun = false;
  #isSettled = false;
  /** What came while the head of the answer waits for the report of the wake. */
  #heldBack: (() => void)[] | undefined;

  constructor(forwarding: Forwarding, settle: (outcome: ForwardOutcome) => void) {
    this.#forwarding = forwarding;
    this.#settle = settle;
    forwarding.response.on("close", this.#onClientClose).on("drain", this.#onDrain);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isSettled) controller.abort(new Error("the client hung up"));
  }

  onRequestUpgrade(_controller: unknown, _status: number, headers: unknown, socket: Duplex): void {
    const { upgrade } = this.#forwarding;
    if (this.#isSettled || !upgrade) {
      socket.on("error", () => {}).destroy();
      return;
    }
    // The flight goes on with the splice, which ends it.
    this.#finish({ kind: "served" }, false);
    upgrade.accept(this.#controller?.rawHeaders ?? headers, socket);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusText?: string,
  ): void {
    if (status < 200) return;
    this.#isAnswered = true;
    const head = (): void => this.#writeHead(controller, status, statusText ?? "");
    const { timingReady } = this.#forwarding;
    if (!timingReady) {
      head();
      return;
    }
    this.#heldBack = [head];
    controller.pause();
    void settledWithin(timingReady, timingPatienceMs).then(() => {
      const heldBack = this.#heldBack ?? [];
      this.#heldBack = undefined;
      for (const step of heldBack) step();
      controller.resume();
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // Bounded by the pause: no more than what was read before it, or is left when the actor closes.
    if (this.#isSettled || this.#heldBack?.push(() => this.onResponseData(controller, chunk))) return;
    this.#hasBegun = true;
    this.#forwarding.admission.upstream.touch();
    if (!this.#forwarding.response.write(chunk)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isSettled || this.#heldBack?.push(() => this.onResponseEnd(controller))) return;
    const { response } = this.#forwarding;
    const trailers = trailersToClient(controller.rawTrailers);
    if (trailers.length > 0) response.addTrailers(trailers);
    this.#hasBegun = true;
    this.#finish({ kind: "served" });
    response.end();
  }

  onResponseError(controller: unknown, error: Error): void {
    if (this.#isSettled || this.#heldBack?.push(() => this.onResponseError(controller, error))) return;
    if (this.#isAnswered) {
      this.#finish({ kind: "served" });
      this.#forwarding.response.destroy();
      return;
    }
    this.#finish({ kind: this.#controller ? "unanswered" : "unsent", error });
  }

  #writeHead(controller: Dispatcher.DispatchController, status: number, statusText: string): void {
    if (this.#isSettled) return;
    const { response, serverTiming } = this.#forwarding;
    const headers = headersToClient(controller.rawHeaders);
    const timing = serverTiming();
    if (timing !== undefined) headers.push("server-timing", timing);
    try {
      response.writeHead(status, statusText, headers);
    } catch (error) {
      this.#finish({ kind: "unusable", error: error as Error });
      controller.abort(error as Error);
      return;
    }
    // Together with the first piece of the body if that is here too, else at once: a stream of
    // events may have nothing to say for long.
    process.nextTick(() => this.#hasBegun || response.flushHeaders());
  }

  readonly #onDrain = (): void => this.#controller?.resume();

  readonly #onClientClose = (): void => {
    if (this.#isSettled) return;
    this.#finish({ kind: "served" });
    this.#controller?.abort(new Error("the client hung up"));
  };

  #finish(outcome: ForwardOutcome, endsFlight = true): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const { response, admission, body } = this.#forwarding;
    response.off("close", this.#onClientClose).off("drain", this.#onDrain);
    body?.destroy();
    if (endsFlight) admission.flight.end();
    this.#settle(outcome);
  }
}

async function settledWithin(promise: Promise<void>, atMostMs: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, atMostMs);
  await Promise.race([promise, late.promise]);
  clearTimeout(timer);
}

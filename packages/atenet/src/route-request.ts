// The way of one request: target, admission (or parking), forwarding, and what is tried again.
// L14: a request is sent a second time only if nothing of it was sent, or if sending it twice is
// harmless and no byte of an answer came.
import type { IncomingMessage, ServerResponse } from "node:http";
import { errors } from "undici";
import type { Admissions } from "./admission.ts";
import { type ForwardOutcome, forwardHttp } from "./forward-http.ts";
import { type Upgrade, upgradeOf } from "./forward-upgrade.ts";
import { headersToActor } from "./forwarded-headers.ts";
import type { Admission } from "./parking.ts";
import { answerRefusal, Refusal } from "./refusal.ts";
import { discardBody, hasBody, RequestBody } from "./request-body.ts";
import { actorKey, resolveTarget, type Target } from "./resolve-target.ts";
import { BindingEnded } from "./upstream.ts";
import { formatServerTiming, phasesOfWait, reportToCome } from "./wake-timing.ts";

/** Connections that are tried for one request. */
const triesMax = 3;
/** How often a request is repeated that an actor took and did not answer: it may be what ended the actor. */
const repeatsMax = 1;
/** RFC 9110 section 9.2.2, but for TRACE, which is not for proxies to repeat. */
const idempotentMethods = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** A request as node:http hands it over. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The client waits for `100 Continue` before it sends its body. */
  readonly expectsContinue?: boolean;
  /** Present if the client asks for an upgrade. */
  readonly upgrade?: Upgrade;
}

/** Serves one exchange to its end; never throws. Returns the refusal if the router answered itself. */
export async function routeRequest(admissions: Admissions, exchange: Exchange): Promise<Refusal | undefined> {
  const { request, response } = exchange;
  try {
    await serve(admissions, exchange);
    return undefined;
  } catch (error) {
    const refusal =
      error instanceof Refusal ? error : new Refusal(500, "internal", "the router failed", error);
    if (response.destroyed || response.headersSent) response.destroy();
    else {
      if (exchange.expectsContinue) response.shouldKeepAlive = false;
      answerRefusal(response, refusal);
    }
    return refusal;
  } finally {
    if (!exchange.upgrade) discardBody(request);
  }
}

async function serve(admissions: Admissions, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const arrivedMs = performance.now();
  const { path, target } = readRequest(request);
  const isBodied = hasBody(request);
  let repeats = 0;
  for (let tries = 1; ; tries++) {
    const admission = admissions.admitNow(target) ?? (await admissions.admit(target, response));
    if (response.destroyed) {
      admission.flight.end();
      return;
    }
    const body = isBodied
      ? new RequestBody(request, () => exchange.expectsContinue && response.writeContinue())
      : null;
    const outcome = await forward(exchange, { admission, target, path, body, arrivedMs });
    if (outcome.kind === "served") return;
    const isRepeatable =
      outcome.kind === "unanswered" && !isBadAnswer(outcome.error)
        ? !isBodied && idempotentMethods.has(request.method ?? "") && repeats++ < repeatsMax
        : outcome.kind === "unsent" && !isMalformed(outcome.error);
    if (!isRepeatable || tries >= triesMax) throw refusalOf(outcome, target);
  }
}

function forward(
  exchange: Exchange,
  sending: {
    admission: Admission;
    target: Target;
    path: string;
    body: RequestBody | null;
    arrivedMs: number;
  },
): Promise<ForwardOutcome> {
  const { request, response, upgrade } = exchange;
  const { wait } = sending.admission;
  const serverTiming = (): string | undefined =>
    wait && formatServerTiming(phasesOfWait(wait, sending.arrivedMs, performance.now()));
  const forwarding = {
    ...sending,
    request,
    response,
    headers: headersToActor(request, sending.target),
    serverTiming,
    timingReady: reportToCome(wait),
  };
  if (!upgrade) return forwardHttp(forwarding);
  const { admission } = sending;
  return forwardHttp({
    ...forwarding,
    upgrade: upgradeOf(upgrade, { request, response, admission, serverTiming }),
  });
}

function readRequest(request: IncomingMessage): { path: string; target: Target } {
  const url = request.url ?? "";
  const encoding = request.headers["transfer-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "chunked") {
    throw new Refusal(501, "malformed-request", "no transfer-encoding but chunked is known");
  }
  if (hostsOf(request) > 1) throw new Refusal(404, "malformed-target", "there should be one Host header");
  if (url.startsWith("/")) return { path: url, target: resolveTarget(request) };
  // RFC 9112 section 3.2.2: the authority of an absolute form stands above the Host header.
  const absolute = /^http:\/\/([^/?#@]+)(\/[^#]*)?$/i.exec(url);
  if (!absolute?.[1]) throw new Refusal(404, "malformed-target", "the request target should be a path");
  const headers = { ...request.headers, host: absolute[1] };
  return { path: absolute[2] ?? "/", target: resolveTarget({ headers }) };
}

/** node:http takes the first of several; another proxy on the way may have taken the last. */
function hostsOf({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") count++;
  }
  return count;
}

function refusalOf(outcome: Exclude<ForwardOutcome, { kind: "served" }>, target: Target): Refusal {
  const key = actorKey(target);
  if (outcome.kind === "unusable" || isBadAnswer(outcome.error)) {
    return new Refusal(502, "bad-answer", `actor ${key} answered what cannot be passed on`);
  }
  if (isMalformed(outcome.error)) {
    return new Refusal(400, "malformed-request", `the request cannot be passed on: ${outcome.error.message}`);
  }
  if (outcome.error instanceof BindingEnded) {
    return new Refusal(502, "actor-moved", `actor ${key} left its worker before it answered`);
  }
  const what =
    outcome.kind === "unsent" ? "accepts no connection" : "closed the connection without an answer";
  return new Refusal(502, "actor-unreachable", `actor ${key} ${what} on port ${target.port}`);
}

function isMalformed(error: Error): boolean {
  return error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError;
}

function isBadAnswer(error: Error): boolean {
  return error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError;
}

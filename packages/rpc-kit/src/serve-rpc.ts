// One listener serves gRPC, gRPC-web and Connect over HTTP/1.1 and HTTP/2, with health and reflection.
// L11: open connections, streams a connection, message sizes and the time to stop all have a bound.
import { setMaxListeners } from "node:events";
import { IncomingMessage, type ServerResponse } from "node:http";
import { health, reflection, reflectionAlpha } from "@agent-substrate/contract";
import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { answerInterceptor, type ObservedCall } from "./answer-interceptor.ts";
import { endStreamsInterceptor } from "./end-streams-interceptor.ts";
import { healthService } from "./health.ts";
import { type ListenTarget, listen } from "./listen.ts";
import { reflectionService } from "./reflection.ts";
import { type Authorize, noSuchCall, writeRefusal } from "./refusal.ts";
import { createTwoProtocolListener, type HttpHandler } from "./two-protocol-listener.ts";

export type { ObservedCall } from "./answer-interceptor.ts";

export interface ServeRpcOptions {
  /** What health and reflection tell of. */
  readonly services: readonly DescService[];
  /** Registers the handlers. */
  readonly routes: (router: ConnectRouter) => void;
  readonly listen: ListenTarget;
  /** Around each handler, the first one outermost. */
  readonly interceptors?: readonly Interceptor[];
  /** Largest message that is read. Default 4 MiB. */
  readonly readMaxBytes?: number;
  /** Default 4096; one more is closed at once. */
  readonly connectionsMax?: number;
  /** How long unary calls in flight may go on once the server stops. Default 2000. */
  readonly drainMs?: number;
  /** Decides before each call; absent: everybody who reaches the listener may call. */
  readonly authorize?: Authorize;
  /** Told of each call as it ends, for logs and metrics. `error.cause` holds what callers are not told. */
  readonly observe?: (call: ObservedCall) => void;
  /** Serves HTTP/1.1 requests to paths that are no call; absent: UNIMPLEMENTED with HTTP status 501. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface RpcServer {
  /** `unix:/path` or `host:port`. */
  readonly address: string;
  /** Of TCP. */
  readonly port?: number;
  /** Ends streams at once with UNAVAILABLE, lets unary calls end within `drainMs`. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const defaults = { readMaxBytes: 4 * 1024 * 1024, connectionsMax: 4096, drainMs: 2000 } as const;
/** Handlers whose signal aborted get this time to send their last word. */
const lastWordMs = 250;

/** Starts to serve; resolves when callers can connect. */
export async function serveRpc(options: ServeRpcOptions): Promise<RpcServer> {
  const stopStreams = new AbortController();
  const stopAll = new AbortController();
  setMaxListeners(0, stopStreams.signal, stopAll.signal);

  const handler = createHandler(options, stopStreams.signal, stopAll.signal);
  const listener = createTwoProtocolListener(handler, options.connectionsMax ?? defaults.connectionsMax);
  const bound = await listen(listener.server, options.listen);

  const stop = async () => {
    stopStreams.abort();
    const drained = listener.drain();
    const abort = setTimeout(
      () => stopAll.abort(new ConnectError("the server is stopping", Code.Unavailable)),
      options.drainMs ?? defaults.drainMs,
    );
    const destroy = setTimeout(
      () => listener.destroyConnections(),
      (options.drainMs ?? defaults.drainMs) + lastWordMs,
    );
    await drained;
    clearTimeout(abort);
    clearTimeout(destroy);
    stopAll.abort();
  };
  let stopped: Promise<void> | undefined;
  const close = () => (stopped ??= stop());
  return { ...bound, close, [Symbol.asyncDispose]: close };
}

function createHandler(
  options: ServeRpcOptions,
  stopStreams: AbortSignal,
  stopAll: AbortSignal,
): HttpHandler {
  const services = [
    ...options.services,
    health.Health,
    reflection.ServerReflection,
    reflectionAlpha.ServerReflection,
  ];
  const serve = connectNodeAdapter({
    readMaxBytes: options.readMaxBytes ?? defaults.readMaxBytes,
    shutdownSignal: stopAll,
    interceptors: [
      answerInterceptor(options.observe ?? (() => undefined)),
      endStreamsInterceptor(stopStreams),
      ...(options.interceptors ?? []),
    ],
    routes: (router) => {
      options.routes(router);
      router.service(
        health.Health,
        healthService(new Set(services.map(({ typeName }) => typeName)), stopStreams),
      );
      const { v1, v1alpha } = reflectionService(services);
      router.service(reflection.ServerReflection, v1);
      router.service(reflectionAlpha.ServerReflection, v1alpha);
    },
    fallback: (request, response) => {
      if (options.fallback && request instanceof IncomingMessage) {
        options.fallback(request, response as ServerResponse);
      } else writeRefusal(response as ServerResponse, request.headers["content-type"], noSuchCall);
    },
  });
  return guard("unixPath" in options.listen ? withHost(serve) : serve, options.authorize);
}

/**
 * gRPC's C core, and so its Python and C++, names the socket's own path as the authority, percent-encoded, of
 * which connect-node can make no URL. On a socket there is one server, whatever it is called.
 */
function withHost(serve: HttpHandler): HttpHandler {
  return (request, response) => {
    const { headers } = request;
    const authority = headers[":authority"];
    if (authority !== undefined && !URL.canParse(`http://${authority}`)) headers[":authority"] = "localhost";
    serve(request, response);
  };
}

/** Asks `authorize` first, and keeps a malformed request from becoming an uncaught error. */
function guard(serve: HttpHandler, authorize: Authorize | undefined): HttpHandler {
  const dispatch: HttpHandler = (request, response) => {
    try {
      // connect-node throws where a request names no authority or a path that makes no URL.
      serve(request, response);
    } catch {
      writeRefusal(response, request.headers["content-type"], {
        code: Code.InvalidArgument,
        message: "malformed request: no valid host or path",
      });
    }
  };
  if (!authorize) return dispatch;
  return (request, response) => {
    const { headers, socket, method = "", url = "" } = request;
    // Decided anew for each call, so that a connection that outlives its right is refused.
    authorize({ headers, socket, method, url }).then(
      (refusal) => {
        if (refusal) writeRefusal(response, headers["content-type"], refusal);
        else dispatch(request, response);
      },
      () => {
        const message = "the caller could not be checked";
        writeRefusal(response, headers["content-type"], { code: Code.Internal, message });
      },
    );
  };
}

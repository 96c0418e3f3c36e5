import { connect as connectSocket } from "node:net";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { lostPeerInterceptor } from "./lost-peer-interceptor.ts";
import { SteadySessionManager } from "./steady-session-manager.ts";

/** Largest reply that a client reads. */
const replyMaxBytes = 64 * 1024 * 1024;
const defaults = { pingIntervalMs: 10_000, pingTimeoutMs: 5_000 } as const;

export interface RpcTransportOptions {
  /** `grpc` for programs that are not ours. Default `connect`, which costs half as much. */
  readonly protocol?: "connect" | "grpc";
  /** Sent with every call, for example `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Around each call, the first one outermost. */
  readonly interceptors?: readonly Interceptor[];
  /** Silence after which a peer with open calls is asked whether it lives. Default 10 000. */
  readonly pingIntervalMs?: number;
  /** A peer that does not answer within this time is gone: its calls fail with UNAVAILABLE. Default 5 000. */
  readonly pingTimeoutMs?: number;
}

/**
 * A transport of connect-es that can be closed. It dials when first used, and again after a loss. A peer
 * that is not there or goes away fails calls with UNAVAILABLE.
 */
export interface RpcTransport extends Transport {
  /** Ends the connection and every call on it. */
  close(): void;
}

/** Where an address leads: always a URL, and a socket path where it is a unix socket. */
export interface RpcAddress {
  readonly baseUrl: string;
  readonly unixPath?: string;
}

/** Reads `unix:/absolute/path`, `host:port` or `http(s)://host:port`; anything else is an error. */
export function parseRpcAddress(address: string): RpcAddress {
  if (address.startsWith("unix:")) {
    const unixPath = address.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
    if (!unixPath.startsWith("/")) throw badAddress(address);
    return { baseUrl: "http://localhost", unixPath };
  }
  const url = URL.parse(/^https?:\/\//.test(address) ? address : `http://${address}`);
  const bare = url && url.pathname === "/" && url.search === "" && url.hash === "";
  if (!bare || url.hostname === "" || url.username !== "" || url.password !== "") throw badAddress(address);
  return { baseUrl: url.origin };
}

/** One HTTP/2 connection to `address`, kept alive by pings while calls are open. */
export function rpcTransport(address: string, options: RpcTransportOptions = {}): RpcTransport {
  const { baseUrl, unixPath } = parseRpcAddress(address);
  const sessionManager = new SteadySessionManager(
    baseUrl,
    {
      pingIntervalMs: options.pingIntervalMs ?? defaults.pingIntervalMs,
      pingTimeoutMs: options.pingTimeoutMs ?? defaults.pingTimeoutMs,
    },
    unixPath === undefined ? {} : { createConnection: () => connectSocket(unixPath) },
  );
  const interceptors = [
    ...(options.interceptors ?? []),
    lostPeerInterceptor(address),
    ...headerInterceptor(options.headers),
  ];
  const shared = { baseUrl, sessionManager, interceptors, readMaxBytes: replyMaxBytes };
  const transport =
    options.protocol === "grpc"
      ? createGrpcTransport(shared)
      : createConnectTransport({ ...shared, httpVersion: "2" });
  return { ...transport, close: () => sessionManager.abort() };
}

function headerInterceptor(headers: Readonly<Record<string, string>> | undefined): Interceptor[] {
  if (!headers) return [];
  return [
    (next) => (request) => {
      for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
      return next(request);
    },
  ];
}

function badAddress(address: string): Error {
  // A URL may hold a password; it is not repeated.
  const shown = address.includes("@") ? "the address" : JSON.stringify(address);
  return new Error(
    `${shown} is no address; it should be unix:/absolute/path, host:port or http(s)://host:port`,
  );
}

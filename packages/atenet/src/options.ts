import type { Logger } from "@agent-substrate/process-kit";
import type { Binding } from "./binding.ts";
import type { BootClock } from "./boot-clock.ts";

/** What a router needs to be told; the rest has defaults. */
export interface AtenetOptions {
  /** Where clients come; port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Where the control plane serves Routes and Control: `unix:/path` or `host:port`. */
  readonly control: string;
  /** Serves `/metrics` and `/healthz`; absent: nowhere. */
  readonly statusListen?: { readonly host: string; readonly port: number };
  /** Given up to this user, for good, once it listens. Default: stays. */
  readonly dropTo?: { readonly uid: number; readonly gid: number };
  /** How long one request waits for its actor. Default 30 000. */
  readonly patienceMs?: number;
  /** Requests that may wait for one actor. Default 1 000. */
  readonly parkedPerActorMax?: number;
  /** Requests that may wait in all. Default 4 000. */
  readonly parkedMax?: number;
  /** Connections of clients; what comes beyond is closed. Default 10 000. */
  readonly connectionsMax?: number;
  /** For a connection to an actor. Default 5 000. */
  readonly connectTimeoutMs?: number;
  /** How long a stop waits for what is in flight. Default 10 000. */
  readonly stopMs?: number;
  readonly log?: Logger;
  /** For tests, whose actors cannot listen on the workers' addresses and ports. */
  readonly testing?: {
    readonly dialPort?: (binding: Binding, port: number) => number;
    readonly clock?: BootClock;
    /** How many requests wait, told at each change. */
    readonly onParked?: (parked: number) => void;
  };
}

export const defaultOptions = {
  patienceMs: 30_000,
  parkedPerActorMax: 1_000,
  parkedMax: 4_000,
  connectionsMax: 10_000,
  connectTimeoutMs: 5_000,
  stopMs: 10_000,
} as const;

/** Options with nothing left open. */
export type ResolvedOptions = AtenetOptions & Required<Pick<AtenetOptions, keyof typeof defaultOptions>>;

export function resolveAtenetOptions(given: AtenetOptions): ResolvedOptions {
  return { ...defaultOptions, ...given };
}

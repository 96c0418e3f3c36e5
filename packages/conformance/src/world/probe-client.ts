import type http from "node:http";
import { Violation } from "../violation.ts";
import { httpRequest } from "./http.ts";

/** What the probe says of itself; `birth` is new with each start of its process. */
export interface ProbeState {
  readonly memory: number;
  readonly file: number;
  readonly durable: number | null;
  readonly birth: string;
  readonly signals: readonly string[];
  readonly actorId: string | null;
  readonly label: string | null;
}

export interface AskOptions {
  /** Default 80. */
  readonly port?: number;
  readonly body?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly agent?: http.Agent;
  readonly timeoutMs?: number;
}

/** An actor's probe, asked from the node's side of its worker's link. */
export interface ProbeClient {
  state(options?: AskOptions): Promise<ProbeState>;
  count(options?: AskOptions): Promise<ProbeState>;
  /** `POST /print`, for example. Throws a `Violation` where it does not answer. */
  ask<T = Record<string, unknown>>(call: `${"GET" | "POST"} /${string}`, options?: AskOptions): Promise<T>;
}

export function createProbeClient(host: string): ProbeClient {
  const ask = async <T>(call: string, options: AskOptions = {}): Promise<T> => {
    const [method = "GET", path = "/"] = call.split(" ");
    const { query = {}, ...rest } = options;
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const answer = await httpRequest({ host, method, path: `${path}?${search}`, ...rest }).catch(
      (error: Error) => {
        throw new Violation(
          `the actor did not answer ${call} at ${host}:${options.port ?? 80}: ${error.message}`,
        );
      },
    );
    if (answer.status !== 200) {
      throw new Violation(
        `the actor answered ${call} with HTTP ${answer.status}: ${answer.text.slice(0, 300)}`,
      );
    }
    return JSON.parse(answer.text) as T;
  };
  return {
    ask,
    state: (options) => ask("GET /state", options),
    count: (options) => ask("POST /count", options),
  };
}

import {
  atelet,
  atespaceHeader,
  generationHeader,
  node,
  operationIdHeader,
  type Phase,
  templateHeader,
} from "@agent-substrate/contract";
import { readPhases } from "@agent-substrate/rpc-kit";
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import type { ActorRecord } from "../actors/actor-record.ts";
import { nodeTransport } from "./node-transport.ts";

/** What every lifecycle call to a node says beside its message (L6, L13). */
export interface NodeCall {
  readonly actor: ActorRecord;
  /** Which call of the operation it is; a repeated one is answered with the recorded result. */
  readonly step: string;
  readonly operationId: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onPhases?: (phases: readonly Phase[]) => void;
}

const askTimeoutMs = 5_000;

/** Calls to one node supervisor. */
export class NodeClient {
  readonly herder: Client<typeof atelet.AteomHerder>;
  readonly node: Client<typeof node.Node>;
  readonly #close: () => void;
  #offersNode: Promise<boolean> | undefined;

  constructor(address: string) {
    const transport = nodeTransport(address);
    this.herder = createClient(atelet.AteomHerder, transport);
    this.node = createClient(node.Node, transport);
    this.#close = () => transport.close();
  }

  /**
   * False for a node supervisor that knows the base contract only; asked once, by a call that changes nothing.
   * Rejects where nobody answers; then it is asked again the next time.
   */
  offersNode(): Promise<boolean> {
    this.#offersNode ??= this.node.listImages({}, { timeoutMs: askTimeoutMs }).then(
      () => true,
      (error) => {
        const { code } = ConnectError.from(error);
        if (code === Code.Unimplemented) return false;
        this.#offersNode = undefined;
        if (code === Code.Unavailable || code === Code.Canceled || code === Code.DeadlineExceeded)
          throw error;
        return true;
      },
    );
    return this.#offersNode;
  }

  /** Ends the connection and every call on it with UNAVAILABLE or CANCELED. */
  close(): void {
    this.#close();
  }
}

/** Options of a lifecycle call. */
export function callOptions(call: NodeCall) {
  const operationId = `${call.operationId}-${call.step}-${call.actor.generation}`;
  return {
    signal: call.signal,
    timeoutMs: call.timeoutMs,
    headers: assignmentHeaders(call.actor, operationId),
    onTrailer: (trailers: Headers) => call.onPhases?.(readPhases(trailers)),
  };
}

/** The metadata of a call about an actor's present assignment. */
export function assignmentHeaders(actor: ActorRecord, operationId: string): Record<string, string> {
  return {
    [operationIdHeader]: operationId,
    [generationHeader]: String(actor.generation),
    [atespaceHeader]: actor.atespace,
    [templateHeader]: actor.templateName,
  };
}

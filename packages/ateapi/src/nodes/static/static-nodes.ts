// Holds the leases of the nodes that a file lists. Such a node does not say that it lives, so it is asked:
// any answer renews its lease, silence ends it as it does for a node that registers (L13).
import { setTimeout as sleep } from "node:timers/promises";
import { health, nodes } from "@agent-substrate/contract";
import type { Logger } from "@agent-substrate/process-kit";
import { type RpcTransport, rpcTransport } from "@agent-substrate/rpc-kit";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import type { WorkerDirectory } from "../../workers/worker-directory.ts";
import type { NodeDirectory } from "../node-directory.ts";
import { NodeSession } from "../node-session.ts";
import type { StaticNode } from "./static-node.ts";

export class StaticNodes {
  readonly #directory: NodeDirectory;
  readonly #workers: WorkerDirectory;
  readonly #log: Logger;
  readonly #stopping = new AbortController();

  constructor(directory: NodeDirectory, workers: WorkerDirectory, log: Logger) {
    this.#directory = directory;
    this.#workers = workers;
    this.#log = log;
  }

  /** From now on each of them is asked once a heartbeat interval. */
  start(listed: readonly StaticNode[]): void {
    for (const node of listed) {
      this.#keep(node).catch((error) => {
        if (!this.#stopping.signal.aborted) this.#log.error({ err: error, node: node.name }, "node not kept");
      });
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #keep(node: StaticNode): Promise<void> {
    const { signal } = this.#stopping;
    const { heartbeatIntervalMs, leaseMs } = this.#directory.lease;
    const transport = rpcTransport(node.address, { protocol: "grpc" });
    let session: NodeSession | undefined;
    try {
      for (;;) {
        const answers = await isServing(transport, leaseMs, signal);
        // Whatever goes wrong here with one answer may go well with the next.
        try {
          session = this.#renew(node, session, answers);
        } catch (error) {
          this.#log.error({ err: error, node: node.name }, "static node not renewed");
        }
        await sleep(heartbeatIntervalMs, undefined, { signal });
      }
    } finally {
      transport.close();
    }
  }

  #renew(node: StaticNode, session: NodeSession | undefined, answers: boolean): NodeSession | undefined {
    const isLost = session !== undefined && this.#directory.isReplaced(session);
    if (isLost) this.#log.warn({ node: node.name, address: node.address }, "static node lost");
    const held = isLost ? undefined : session;
    if (!answers) return held;
    if (!held) return this.#register(node);
    this.#directory.heartbeat(held);
    return held;
  }

  #register(node: StaticNode): NodeSession {
    const session = new NodeSession(
      create(nodes.NodeHelloSchema, {
        nodeName: node.name,
        herderAddress: node.address,
        architecture: node.architecture,
      }),
    );
    this.#directory.register(session);
    this.#workers.replaceNode(node.name, node.workers.map(asReported), "listed");
    this.#directory.reported(session);
    this.#log.info({ node: node.name, address: node.address, workers: node.workers.length }, "static node");
    return session;
  }
}

/** `AVAILABLE` where nothing else is known: which actor it has is in the actors' records. */
function asReported(worker: StaticNode["workers"][number]): nodes.NodeWorker {
  return create(nodes.NodeWorkerSchema, {
    uid: worker.uid,
    poolNamespace: worker.poolNamespace,
    poolName: worker.poolName,
    podName: worker.name,
    sandboxClass: worker.sandboxClass,
    address: worker.address,
    state: nodes.NodeWorker_State.AVAILABLE,
  });
}

/** Nobody answered in time. With every other code a server lives, though it tells no health. */
const silent: readonly Code[] = [Code.Unavailable, Code.DeadlineExceeded, Code.Canceled];

async function isServing(transport: RpcTransport, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const { SERVING } = health.HealthCheckResponse_ServingStatus;
  try {
    const { status } = await createClient(health.Health, transport).check({}, { timeoutMs, signal });
    return status === SERVING;
  } catch (error) {
    signal.throwIfAborted();
    return !silent.includes(ConnectError.from(error).code);
  }
}

import { nodes, validateDns1123Label, validateDns1123Subdomain } from "@agent-substrate/contract";
import { parseRpcAddress } from "@agent-substrate/rpc-kit";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { WorkerDirectory } from "../workers/worker-directory.ts";
import type { NodeDirectory } from "./node-directory.ts";
import { NodeSession } from "./node-session.ts";

/** What the service asks and tells beside the directories. */
export interface NodesListener {
  /** Listed in a file: nobody may register under its name. */
  isStatic(nodeName: string): boolean;
  /** After each inventory. */
  inventory(session: NodeSession): void;
}

/** Serves `substrate.v1.Nodes`. */
export function nodesService(
  directory: NodeDirectory,
  workers: WorkerDirectory,
  listener: NodesListener,
): ServiceImpl<typeof nodes.Nodes> {
  return {
    async *connect(messages, context) {
      const incoming = messages[Symbol.asyncIterator]();
      const session = await readHello(incoming, listener);
      directory.register(session);
      try {
        session.outbox.push(welcome(directory));
        void receive(incoming, session);
        yield* session.outbox.read(context.signal);
      } finally {
        directory.unregister(session);
      }
    },
  };

  async function receive(incoming: AsyncIterator<nodes.NodeMessage>, session: NodeSession): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await incoming.next();
        if (done || directory.isReplaced(session)) break;
        handle(value, session);
      }
      session.outbox.end();
    } catch (error) {
      session.outbox.end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function handle({ message }: nodes.NodeMessage, session: NodeSession): void {
    directory.heartbeat(session);
    if (message.case === "heartbeat") {
      const value = create(nodes.HeartbeatAcceptedSchema);
      session.outbox.push(
        create(nodes.NodeInstructionSchema, { instruction: { case: "heartbeatAccepted", value } }),
      );
    } else if (message.case === "inventory") {
      for (const { uid } of message.value.workers) validateDns1123Label("worker uid", uid);
      workers.replaceNode(session.name, message.value.workers);
      directory.reported(session);
      listener.inventory(session);
    } else if (message.case === "workloadLost") {
      const { workerUid, generation, reason } = message.value;
      workers.reportLoss(workerUid, { generation: Number(generation), reason });
    }
  }
}

async function readHello(
  incoming: AsyncIterator<nodes.NodeMessage>,
  { isStatic }: NodesListener,
): Promise<NodeSession> {
  const { done, value } = await incoming.next();
  if (done || value.message.case !== "hello") {
    throw new ConnectError("the first message should be a hello", Code.InvalidArgument);
  }
  const hello = value.message.value;
  validateDns1123Subdomain("node_name", hello.nodeName);
  if (isStatic(hello.nodeName)) {
    throw new ConnectError(`node ${hello.nodeName} is listed statically`, Code.AlreadyExists);
  }
  try {
    parseRpcAddress(hello.herderAddress);
  } catch (error) {
    throw new ConnectError(`herder_address: ${(error as Error).message}`, Code.InvalidArgument);
  }
  return new NodeSession(hello);
}

function welcome({ lease }: NodeDirectory): nodes.NodeInstruction {
  const value = create(nodes.NodeWelcomeSchema, {
    heartbeatIntervalMs: lease.heartbeatIntervalMs,
    leaseMs: lease.leaseMs,
  });
  return create(nodes.NodeInstructionSchema, { instruction: { case: "welcome", value } });
}

// The other end of a node's link, for tests: it wants workers and remembers what it is told.
import { EventEmitter, on } from "node:events";
import { join } from "node:path";
import { nodes } from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { create, type MessageInitShape } from "@bufbuild/protobuf";

type Pool = MessageInitShape<typeof nodes.PoolWorkersSchema>;

type Answer = MessageInitShape<typeof nodes.NodeInstructionSchema>["instruction"];

export interface TestControlPlane extends AsyncDisposable {
  readonly address: string;
  readonly hellos: nodes.NodeHello[];
  readonly heartbeats: number;
  /** The newest one. */
  readonly inventory: nodes.NodeInventory | undefined;
  readonly losses: nodes.WorkloadLost[];
  want(pools: readonly Pool[]): void;
  /** Resolves when what the node told fits; at most 60 s. */
  until<T>(find: (told: TestControlPlane) => T | undefined | false): Promise<T>;
}

export async function startControlPlane(directory: string): Promise<TestControlPlane> {
  const told = new EventEmitter<{ told: []; answer: [Answer] }>();
  told.setMaxListeners(0);
  const state = {
    hellos: [] as nodes.NodeHello[],
    inventory: undefined as nodes.NodeInventory | undefined,
    losses: [] as nodes.WorkloadLost[],
    heartbeats: 0,
  };
  let pools: readonly Pool[] = [];

  const receive = async (messages: AsyncIterable<nodes.NodeMessage>) => {
    for await (const { message } of messages) {
      if (message.case === "hello") state.hellos.push(message.value);
      if (message.case === "inventory") state.inventory = message.value;
      if (message.case === "workloadLost") state.losses.push(message.value);
      if (message.case === "heartbeat") {
        state.heartbeats += 1;
        told.emit("answer", { case: "heartbeatAccepted", value: {} });
      }
      told.emit("told");
    }
  };
  const instruct = (instruction: Answer) =>
    create(nodes.NodeInstructionSchema, { instruction: instruction as NonNullable<Answer> });
  const desiredWorkers = (): Answer => ({ case: "desiredWorkers", value: { pools: [...pools] } });

  const server = await serveRpc({
    services: [nodes.Nodes],
    listen: { unixPath: join(directory, "control.sock") },
    drainMs: 0,
    routes: (router) => {
      router.service(nodes.Nodes, {
        async *connect(messages, { signal }) {
          receive(messages).catch(() => undefined);
          yield instruct({ case: "welcome", value: { heartbeatIntervalMs: 100, leaseMs: 5_000 } });
          const answers = on(told, "answer", { signal });
          yield instruct(desiredWorkers());
          try {
            for await (const [answer] of answers) yield instruct(answer);
          } catch {
            // The node or the test ended.
          }
        },
      });
    },
  });
  const plane: TestControlPlane = {
    address: server.address,
    get hellos() {
      return state.hellos;
    },
    get inventory() {
      return state.inventory;
    },
    get losses() {
      return state.losses;
    },
    get heartbeats() {
      return state.heartbeats;
    },
    want(wanted) {
      pools = wanted;
      told.emit("answer", desiredWorkers());
    },
    async until(find) {
      const signal = AbortSignal.timeout(60_000);
      for (;;) {
        const found = find(plane);
        if (found) return found;
        await new Promise<void>((resolve, reject) => {
          told.once("told", resolve);
          signal.addEventListener(
            "abort",
            () =>
              reject(
                new Error(`not told in time; last inventory: ${JSON.stringify(state.inventory, bigints)}`),
              ),
            { once: true },
          );
        });
      }
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
  return plane;
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

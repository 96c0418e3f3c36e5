import { randomUUID } from "node:crypto";
import { nodes } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";

/** A worker of the fake node: what it runs, and how it tells of it. */
export class FakeWorker {
  readonly uid = randomUUID();
  bootId: string = randomUUID();
  state: nodes.NodeWorker_State = nodes.NodeWorker_State.AVAILABLE;
  generation = 0n;
  atespace = "";
  actorId = "";
  /** Why it cannot be started; it has no address then. */
  failure = "";
  readonly #index: number;
  readonly #pool: string;
  readonly #sandboxClass: string;

  constructor(index: number, pool: string, sandboxClass: string) {
    this.#index = index;
    this.#pool = pool;
    this.#sandboxClass = sandboxClass;
  }

  execute(generation: bigint, atespace: string, actorId: string): void {
    this.state = nodes.NodeWorker_State.EXECUTING;
    this.generation = generation;
    this.atespace = atespace;
    this.actorId = actorId;
  }

  becomeBlank(): void {
    this.state = nodes.NodeWorker_State.AVAILABLE;
  }

  describe(): nodes.NodeWorker {
    return create(nodes.NodeWorkerSchema, {
      uid: this.uid,
      poolNamespace: "default",
      poolName: this.#pool,
      podName: `${this.#pool}-${this.#index}`,
      sandboxClass: this.#sandboxClass,
      address: this.failure === "" ? `100.96.0.${this.#index * 4 + 2}` : "",
      state: this.failure === "" ? this.state : nodes.NodeWorker_State.STARTING,
      message: this.failure,
      bootId: this.bootId,
      generation: this.generation,
      actorAtespace: this.atespace,
      actorId: this.actorId,
    });
  }
}

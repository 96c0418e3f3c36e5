import { createHash } from "node:crypto";
import {
  InvalidInput,
  nodes,
  validateDns1123Label,
  validateDns1123Subdomain,
} from "@agent-substrate/contract";
import type { Egress } from "../network/node-network.ts";
import { parseNeeds, type WorkerNeeds } from "./worker-needs.ts";

/** What the control plane wants of one pool on this node. */
export interface PoolDefinition {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly sandboxClass: string;
  /** Program (absolute path) and arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly hasFixedBasePath: boolean;
  readonly workersPerProcess: number;
  readonly egress: Egress;
  readonly env: Readonly<Record<string, string>>;
  readonly needs: WorkerNeeds;
}

const workersPerProcessMax = 64;
const replicasMax = 256;

/** Throws InvalidInput; whoever shows it names the pool. */
export function parsePool(pool: nodes.PoolWorkers): PoolDefinition {
  const [program, ...args] = pool.localCommand;
  if (program === undefined || program === "") {
    throw new InvalidInput(
      "local_command",
      "is empty: nothing tells how to start a back end of this class here",
    );
  }
  if (!program.startsWith("/"))
    throw new InvalidInput("local_command", `${program} should be an absolute path`);
  const workersPerProcess = Math.max(1, pool.workersPerProcess);
  if (workersPerProcess > workersPerProcessMax) {
    throw new InvalidInput(
      "workers_per_process",
      `${workersPerProcess} is more than ${workersPerProcessMax}`,
    );
  }
  if (pool.replicas < 0 || pool.replicas > replicasMax) {
    throw new InvalidInput("replicas", `${pool.replicas} should be between 0 and ${replicasMax}`);
  }
  return {
    namespace: validateDns1123Label("namespace", pool.namespace),
    name: validateDns1123Subdomain("name", pool.name),
    replicas: pool.replicas,
    sandboxClass: validateDns1123Label("sandbox_class", pool.sandboxClass),
    command: [program, ...args],
    hasFixedBasePath: pool.fixedBasePath,
    workersPerProcess,
    egress: pool.egress === nodes.Egress.DENY ? "deny" : "nat",
    env: pool.env,
    needs: parseNeeds(pool.needs),
  };
}

export function poolKey(pool: { readonly namespace: string; readonly name: string }): string {
  return `${pool.namespace}/${pool.name}`;
}

/** Equal where workers made by one definition serve the other. The number of replicas is no part. */
export function poolFingerprint({ replicas, ...rest }: PoolDefinition): string {
  void replicas;
  return createHash("sha256").update(JSON.stringify(rest)).digest("hex");
}

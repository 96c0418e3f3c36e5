// For machines on which nobody may change the network: an actor listens on a loopback address of its
// own worker. There is nothing that keeps actors apart, so this is for tests alone.
import { createHash } from "node:crypto";
import type { WorkerNetwork } from "./worker-network.ts";

/** An address within 127.0.0.0/8, the same for the same worker. */
export function loopbackAddress(uid: string): string {
  const [a = 0, b = 0, c = 0] = createHash("sha256").update(uid).digest();
  // 127.0.x.y and the ends of ranges are left to others.
  return `127.${1 + (a % 254)}.${b}.${1 + (c % 254)}`;
}

/** Closes and forgets nothing: a closed connection of the machine's loopback is the tests' own affair. */
export function openLoopbackNetwork(uid: string): WorkerNetwork {
  const nothing = async () => undefined;
  return {
    netnsPath: "/proc/self/ns/net",
    actorHost: loopbackAddress(uid),
    renew: nothing,
    closeGate: nothing,
    forgetConnections: nothing,
    openGate: nothing,
    remove: nothing,
  };
}

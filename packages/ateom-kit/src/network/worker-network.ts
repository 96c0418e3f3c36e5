// The network of one worker's actors: made when the worker opens, the same for every actor that it
// runs, and without a process on the way of a wake. See docs/reference on the world of an actor.
import { stat, writeFile } from "node:fs/promises";
import type { AteomPaths } from "@agent-substrate/contract";
import type { ActorNetwork } from "../back-end.ts";
import { CommandFailed, runCommand } from "../run-command.ts";
import { actorRules, actorTable, closeGate, openGate } from "./actor-rules.ts";
import {
  actorAddress,
  actorGateway,
  actorHardwareAddress,
  gatewayHardwareAddress,
  innerPrefixLength,
  workerSideLink,
} from "./inner-link.ts";
import { findNamedNamespace, findWorkerPlace, type WorkerPlace } from "./worker-place.ts";

/** What the kit itself does with a worker's network; authors see `ActorNetwork`. */
export interface WorkerNetwork extends ActorNetwork {
  /** Where this process reaches the actor, for the ports that its readiness names. */
  readonly actorHost: string;
  /** L14: returns when no packet reaches the actor any more and none of its packets leaves. */
  closeGate(): Promise<void>;
  /** L10: forgets every connection of the worker. Only while the gate is closed. */
  forgetConnections(): Promise<void>;
  openGate(): Promise<void>;
  /** Removes what `openWorkerNetwork` made. Idempotent. */
  remove(): Promise<void>;
}

/** Removes what a dead predecessor left and makes the actor's namespace, link and rules. */
export async function openWorkerNetwork(uid: string, paths: AteomPaths): Promise<WorkerNetwork> {
  const place = await findWorkerPlace(uid);
  const network = workerNetwork(place, paths);
  await network.remove();
  try {
    await makeLink(place, paths);
    await Promise.all([
      runCommand([...place.enter, "nft", "-f", "-"], actorRules(place.addresses)),
      allowForwarding(place.enter),
      network.renew(),
    ]);
  } catch (failure) {
    await network.remove().catch(() => undefined);
    throw failure;
  }
  return network;
}

/** Removes the network that a dead back end left for this worker. Idempotent; for whoever ends workers. */
export async function cleanUpWorkerNetwork(uid: string, paths: AteomPaths): Promise<void> {
  const named = await findNamedNamespace(uid);
  if (named) await removeFromWorker(named.isOwn ? [] : ["nsenter", `--net=${named.path}`]);
  await removeNamespace(paths);
}

function workerNetwork(place: WorkerPlace, paths: AteomPaths): WorkerNetwork {
  const { enter } = place;
  return {
    netnsPath: paths.netnsPath,
    actorHost: place.actorHost,
    renew: async () => {
      await runCommand(["nsenter", `--net=${paths.netnsPath}`, "ip", "-batch", "-"], actorSide);
    },
    closeGate: async () => {
      await runCommand([...enter, "nft", "-f", "-"], closeGate);
    },
    forgetConnections: async () => {
      await runCommand([...enter, "conntrack", "-F"]);
    },
    openGate: async () => {
      await runCommand([...enter, "nft", "-f", "-"], openGate);
    },
    remove: async () => {
      await removeFromWorker(enter);
      await removeNamespace(paths);
    },
  };
}

const actorSide = `link set lo up
link set eth0 addrgenmode none
link set eth0 up
addr replace ${actorAddress}/${innerPrefixLength} dev eth0
route replace default via ${actorGateway}
neigh replace ${actorGateway} lladdr ${gatewayHardwareAddress} dev eth0 nud permanent
`;

async function makeLink(place: WorkerPlace, paths: AteomPaths): Promise<void> {
  await runCommand(["ip", "netns", "add", paths.netnsName]);
  // No link-local IPv6 addresses: the actor's world is IPv4, and nothing may pass beside the rules.
  await runCommand(
    [...place.enter, "ip", "-batch", "-"],
    `link add ${workerSideLink} mtu ${place.mtu} address ${gatewayHardwareAddress} type veth \
peer name eth0 mtu ${place.mtu} address ${actorHardwareAddress} netns ${paths.netnsName}
link set ${workerSideLink} addrgenmode none
addr add ${actorGateway}/${innerPrefixLength} dev ${workerSideLink}
link set ${workerSideLink} up
neigh replace ${actorAddress} lladdr ${actorHardwareAddress} dev ${workerSideLink} nud permanent
`,
  );
}

async function allowForwarding(enter: readonly string[]): Promise<void> {
  const path = "/proc/sys/net/ipv4/ip_forward";
  if (enter.length === 0) await writeFile(path, "1");
  else await runCommand([...enter, "tee", path], "1");
}

async function removeFromWorker(enter: readonly string[]): Promise<void> {
  await Promise.all([
    runCommand([...enter, "ip", "link", "del", "dev", workerSideLink]).catch(ignore("Cannot find device")),
    runCommand([...enter, "nft", "-f", "-"], `table ${actorTable}\ndelete table ${actorTable}\n`),
  ]);
}

async function removeNamespace(paths: AteomPaths): Promise<void> {
  const found = await stat(paths.netnsPath).catch(() => undefined);
  if (found) await runCommand(["ip", "netns", "del", paths.netnsName]).catch(ignore("No such file"));
}

function ignore(text: string): (failure: unknown) => void {
  return (failure) => {
    if (!(failure instanceof CommandFailed) || !failure.stderr.includes(text)) throw failure;
  };
}

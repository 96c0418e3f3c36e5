// Where a worker's own network namespace is, and what addresses it has. A worker whose process lives
// in it (a pod) is reached directly; one of several in a process is entered by its name.
import { readFile, stat } from "node:fs/promises";
import { workerNetnsPath } from "@agent-substrate/contract";
import { runCommand } from "../run-command.ts";
import type { ActorRuleAddresses } from "./actor-rules.ts";
import { actorAddress, workerLink } from "./inner-link.ts";

/** How a worker's own namespace is reached and what is known of it. */
export interface WorkerPlace {
  /** Put before a command to run it in the worker's own namespace. */
  readonly enter: readonly string[];
  readonly addresses: ActorRuleAddresses;
  readonly mtu: number;
  /** Where this process reaches every TCP port of the actor. */
  readonly actorHost: string;
}

/** Throws where the worker's namespace has no usable `eth0`, or is the machine's own. */
export async function findWorkerPlace(uid: string): Promise<WorkerPlace> {
  const named = await findNamedNamespace(uid);
  if (!named && (await isMachineNamespace())) {
    throw new Error(
      `there is no network namespace ${workerNetnsPath(uid)}, and the machine's own network is never changed`,
    );
  }
  const enter = named && !named.isOwn ? ["nsenter", `--net=${named.path}`] : [];
  const link = await readWorkerLink(enter, uid);
  const dns = named ? link.gateway : await firstNameServer();
  return {
    enter,
    addresses: { worker: link.address, node: link.gateway, dns },
    mtu: link.mtu,
    actorHost: enter.length > 0 ? link.address : actorAddress,
  };
}

/** Absent where nobody made a namespace for this worker. */
export async function findNamedNamespace(uid: string): Promise<{ path: string; isOwn: boolean } | undefined> {
  const path = workerNetnsPath(uid);
  const [named, own] = await Promise.all([identify(path), identify("/proc/self/ns/net")]);
  return named === undefined ? undefined : { path, isOwn: named === own };
}

async function identify(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** Settings of the whole machine are shown in its first network namespace only. */
async function isMachineNamespace(): Promise<boolean> {
  return (await identify("/proc/sys/net/core/netdev_budget")) !== undefined;
}

async function readWorkerLink(enter: readonly string[], uid: string) {
  const show = async (...args: string[]): Promise<unknown> =>
    JSON.parse(await runCommand([...enter, "ip", "-json", "-4", ...args]));
  const [links, routes] = await Promise.all([
    show("address", "show", "dev", workerLink) as Promise<
      { mtu?: number; addr_info?: { local?: string; scope?: string }[] }[]
    >,
    show("route", "show", "default") as Promise<{ gateway?: string; dev?: string }[]>,
  ]);
  // Older versions of ip print an empty object for each link that has no address.
  const link = links.find((candidate) => candidate.addr_info?.length);
  const address = link?.addr_info?.[0]?.local;
  const gateway = routes.find((route) => route.dev === workerLink)?.gateway;
  if (!address || !gateway) {
    throw new Error(
      `the network of worker ${uid} has no ${workerLink} with an IPv4 address and a default route`,
    );
  }
  return { address, gateway, mtu: link.mtu ?? 1500 };
}

async function firstNameServer(): Promise<string> {
  const match = /^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/m.exec(await readFile("/etc/resolv.conf", "utf8"));
  if (!match?.[1]) throw new Error("/etc/resolv.conf names no IPv4 name server for the actors of this pod");
  return match[1];
}

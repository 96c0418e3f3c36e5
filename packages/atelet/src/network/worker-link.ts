import { workerNetnsName } from "@agent-substrate/contract";
import { runCommand, runUnless } from "../run-command.ts";
import { formatAddress, type Ipv4Range } from "./ipv4-range.ts";

/** One worker's network namespace and its link to this machine. */
export interface WorkerLink {
  readonly uid: string;
  readonly netnsName: string;
  /** Name of the node's side; at most 15 bytes. */
  readonly linkName: string;
  readonly workerAddress: string;
  readonly nodeAddress: string;
}

const linkPrefixLength = 30;
/** Links that a range has room for. */
export const linksMax = 256;

/** `sb` and five hex characters of the installation's tag: what names of its links begin with. */
export function linkNamePrefix(tag: string): string {
  return `sb${tag.slice(0, 5)}`;
}

export function workerLink(tag: string, uid: string, range: Ipv4Range, position: number): WorkerLink {
  const first = range.first + position * 4;
  return {
    uid,
    netnsName: workerNetnsName(uid),
    linkName: `${linkNamePrefix(tag)}${uid.replaceAll("-", "").slice(0, 8)}`,
    nodeAddress: formatAddress(first + 1),
    workerAddress: formatAddress(first + 2),
  };
}

/** Makes namespace and link: `eth0` inside is up and has its address and default route. */
export async function createWorkerLink(link: WorkerLink): Promise<void> {
  const { netnsName, linkName } = link;
  await runCommand(["ip", "netns", "add", netnsName]);
  // No IPv6 addresses: workers have none, and nothing may pass beside the rules.
  await runCommand(
    ["ip", "-batch", "-"],
    `link add ${linkName} type veth peer name eth0 netns ${netnsName}
link set ${linkName} addrgenmode none
addr add ${link.nodeAddress}/${linkPrefixLength} dev ${linkName}
link set ${linkName} up
`,
  );
  await runCommand(
    ["ip", "-n", netnsName, "-batch", "-"],
    `link set lo up
link set eth0 addrgenmode none
addr add ${link.workerAddress}/${linkPrefixLength} dev eth0
link set eth0 up
route add default via ${link.nodeAddress}
`,
  );
}

/** Removes what `createWorkerLink` made, as far as it is there. */
export async function removeWorkerLink(link: Pick<WorkerLink, "netnsName" | "linkName">): Promise<void> {
  await runUnless("Cannot find device", ["ip", "link", "del", "dev", link.linkName]);
  await removeNamespace(link.netnsName);
}

/** Removes a named network namespace, or the file that is left of one. Idempotent. */
export async function removeNamespace(name: string): Promise<void> {
  await runUnless("No such file", ["ip", "netns", "del", name]);
}

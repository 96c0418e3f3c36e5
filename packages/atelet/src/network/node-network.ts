// The network of this node's workers: one range, one table of rules, one namespace, link and name
// server a worker. All of it is found again by the record and the tag after a crash, and removed.
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { writeFileDurably } from "../durable-write.ts";
import type { NodePaths } from "../node-paths.ts";
import { runCommand, runUnless } from "../run-command.ts";
import { type DnsForwarder, startDnsForwarder } from "./dns-forwarder.ts";
import { allowForwarding, disallowForwarding } from "./forwarding.ts";
import { formatRange, type Ipv4Range, parseRange } from "./ipv4-range.ts";
import { withMachineLock } from "./machine-lock.ts";
import { NameServers } from "./name-servers.ts";
import { nodeRules, nodeTable } from "./node-rules.ts";
import {
  createWorkerLink,
  linkNamePrefix,
  linksMax,
  removeNamespace,
  removeWorkerLink,
  type WorkerLink,
  workerLink,
} from "./worker-link.ts";
import { claimWorkerRange, releaseWorkerRange } from "./worker-range.ts";

/** What actors find in `/etc/resolv.conf`: the same on every node, so that a restored memory stays right. */
const actorResolvConf = "nameserver 169.254.17.1\n";

export type Egress = "nat" | "deny";

interface OpenLink {
  readonly link: WorkerLink;
  readonly position: number;
  readonly dns?: DnsForwarder;
}

export class NodeNetwork {
  readonly range: Ipv4Range;
  readonly #tag: string;
  readonly #paths: NodePaths;
  readonly #servers: NameServers;
  readonly #links = new Map<string, OpenLink>();
  readonly #positions = new Set<number>();
  #nextPosition = 0;

  private constructor(paths: NodePaths, tag: string, range: Ipv4Range, servers: NameServers) {
    this.#paths = paths;
    this.#tag = tag;
    this.range = range;
    this.#servers = servers;
  }

  /**
   * Removes what an earlier life of the same data folder left, claims a range and lays the rules.
   * `hostResolvConf` names this machine's name servers.
   */
  static async open(paths: NodePaths, hostResolvConf: string): Promise<NodeNetwork> {
    const tag = createHash("sha256").update(paths.basePath).digest("hex").slice(0, 8);
    await writeFile(paths.resolvConf, actorResolvConf, { mode: 0o644 });
    await removeRemains(paths, tag);
    const range = await withMachineLock(async () => {
      const claimed = await claimWorkerRange(paths.basePath);
      try {
        await writeFileDurably(paths.networkRecord, JSON.stringify({ range: formatRange(claimed) }));
        await runCommand(["nft", "-f", "-"], nodeRules(tag, linkNamePrefix(tag), claimed));
        await allowForwarding(claimed);
        return claimed;
      } catch (error) {
        await removeShared(tag, claimed);
        throw error;
      }
    });
    return new NodeNetwork(paths, tag, range, new NameServers(hostResolvConf));
  }

  /** Makes a worker's namespace and link. Actors of a pool that denies egress ask no name server either. */
  async addWorker(uid: string, egress: Egress): Promise<WorkerLink> {
    const position = this.#takePosition();
    const link = workerLink(this.#tag, uid, this.range, position);
    try {
      if (egress === "deny") {
        await runCommand(
          ["nft", "-f", "-"],
          `add element ${nodeTable(this.#tag)} denied { "${link.linkName}" }\n`,
        );
      }
      await createWorkerLink(link);
      const dns = egress === "nat" ? await startDnsForwarder(link.nodeAddress, this.#servers) : undefined;
      this.#links.set(uid, { link, position, ...(dns && { dns }) });
      return link;
    } catch (error) {
      await removeWorkerLink(link).catch(() => undefined);
      this.#positions.delete(position);
      throw error;
    }
  }

  /** Idempotent. */
  async removeWorker(uid: string): Promise<void> {
    const open = this.#links.get(uid);
    if (!open) return;
    this.#links.delete(uid);
    await open.dns?.close();
    await removeWorkerLink(open.link);
    this.#positions.delete(open.position);
  }

  /** Removes everything; the machine is as it was. */
  async close(): Promise<void> {
    for (const uid of [...this.#links.keys()]) await this.removeWorker(uid);
    await withMachineLock(() => removeShared(this.#tag, this.range));
    await rm(this.#paths.networkRecord, { force: true });
  }

  /** In turn, so that an address that was a worker's is not at once another's. */
  #takePosition(): number {
    for (let step = 0; step < linksMax; step += 1) {
      const position = (this.#nextPosition + step) % linksMax;
      if (this.#positions.has(position)) continue;
      this.#positions.add(position);
      this.#nextPosition = (position + 1) % linksMax;
      return position;
    }
    throw new Error(`this node has ${linksMax} workers, and its range no address for another`);
  }
}

/** Callers hold the machine lock. */
async function removeShared(tag: string, range: Ipv4Range): Promise<void> {
  await removeTable(tag);
  await disallowForwarding(range);
  await releaseWorkerRange(range);
}

async function removeTable(tag: string): Promise<void> {
  await runCommand(["nft", "-f", "-"], `table ${nodeTable(tag)}\ndelete table ${nodeTable(tag)}\n`);
}

async function removeRemains(paths: NodePaths, tag: string): Promise<void> {
  const links = JSON.parse(await runCommand(["ip", "-json", "link", "show"])) as { ifname?: string }[];
  const left = links.flatMap(({ ifname }) => (ifname?.startsWith(linkNamePrefix(tag)) ? [ifname] : []));
  // A link may go meanwhile: the kernel removes it with its namespace, a moment later.
  if (left.length > 0) {
    const deletions = left.map((name) => `link del dev ${name}\n`).join("");
    await runUnless("Cannot find device", ["ip", "-force", "-batch", "-"], deletions);
  }
  const recorded = await readRecord(paths.networkRecord);
  if (recorded) await withMachineLock(() => removeShared(tag, recorded));
}

async function readRecord(path: string): Promise<Ipv4Range | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { range } = JSON.parse(text) as { range?: unknown };
    return typeof range === "string" ? parseRange(range) : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the namespaces of workers that an earlier life recorded. */
export async function removeWorkerNamespaces(paths: NodePaths, uid: string): Promise<void> {
  await removeNamespace(paths.contract.ateom(uid).netnsName);
  await removeNamespace(`worker:${uid}`);
}

// This process lives in the worker's network namespace, whose `eth0` has the worker's address. The actor
// gets a namespace of its own with another `eth0`, and reaches the world through this one.
import { stat, writeFile } from "node:fs/promises";
import { run } from "./run.ts";

export const actorAddress = "169.254.17.2";
const gateway = "169.254.17.1";
const link = "ateom0";

/** What packets may do, in the order of the table; broken back ends take lines away. */
export interface NetworkRules {
  inbound: string[];
  forward: string[];
}

export class ActorNetwork {
  readonly #netns: string;
  /** What a broken back end changes before `open`. */
  changeRules: (rules: NetworkRules) => void = () => undefined;

  constructor(netns: string) {
    this.#netns = netns;
  }

  /** In place of what a dead predecessor left. */
  async open(): Promise<void> {
    await this.close();
    await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
    const [[own], [route]] = await Promise.all([
      readJson<{ addr_info: { local: string }[] }>(["-4", "address", "show", "dev", "eth0"]),
      readJson<{ gateway: string }>(["-4", "route", "show", "default"]),
    ]);
    const worker = own?.addr_info[0]?.local;
    if (!worker || !route) throw new Error("eth0 has no address or no default route");
    const rules = rulesOf(worker, route.gateway);
    this.changeRules(rules);
    await run(["nft", "-f", "-"], tableOf(rules));
    await this.#addLink();
  }

  /** Nothing of the last actor's network is in the next one's. */
  async renew(): Promise<void> {
    await this.#removeLink();
    await this.#addLink();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.#removeLink();
    await run(["nft", "-f", "-"], "table inet plain\ndelete table inet plain\n");
  }

  async #addLink(): Promise<void> {
    await run(["ip", "netns", "add", this.#netns]);
    await run(
      ["ip", "-batch", "-"],
      `link add ${link} type veth peer name eth0 netns ${this.#netns}
addr add ${gateway}/30 dev ${link}
link set ${link} up
`,
    );
    await run(
      ["ip", "-n", this.#netns, "-batch", "-"],
      `link set lo up
addr add ${actorAddress}/30 dev eth0
link set eth0 up
route add default via ${gateway}
`,
    );
  }

  async #removeLink(): Promise<void> {
    const links = await readJson<{ ifname: string }>(["link", "show"]);
    if (links.some(({ ifname }) => ifname === link)) await run(["ip", "link", "del", "dev", link]);
    const netns = await stat(`/run/netns/${this.#netns}`).catch(() => undefined);
    if (netns) await run(["ip", "netns", "del", this.#netns]);
  }
}

async function readJson<T>(words: readonly string[]): Promise<T[]> {
  return JSON.parse((await run(["ip", "-json", ...words])) || "[]") as T[];
}

function rulesOf(worker: string, node: string): NetworkRules {
  const inside = `iifname "${link}"`;
  return {
    inbound: [
      `${inside} ip daddr ${gateway} meta l4proto { tcp, udp } th dport 53 dnat ip to ${node}:53`,
      `iifname "eth0" ip saddr ${node} ip daddr ${worker} meta l4proto tcp dnat ip to ${actorAddress}`,
      `iifname "eth0" ip daddr ${worker} tcp dport 80 dnat ip to ${actorAddress}:80`,
    ],
    forward: [
      "meta nfproto ipv6 drop",
      `${inside} ip saddr != ${actorAddress} drop`,
      "ct state established,related accept",
      `${inside} ip daddr ${node} meta l4proto { tcp, udp } th dport 53 ct status dnat accept`,
      `${inside} ip daddr { ${node}, 169.254.0.0/16 } drop`,
      `${inside} accept`,
      "ct status dnat accept",
    ],
  };
}

function tableOf({ inbound, forward }: NetworkRules): string {
  return `table inet plain {
  chain prerouting {
    type nat hook prerouting priority dstnat
    ${inbound.join("\n    ")}
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr ${actorAddress} oifname "eth0" masquerade
  }
  chain forward {
    type filter hook forward priority filter; policy drop
    ${forward.join("\n    ")}
  }
  chain input {
    type filter hook input priority filter; policy accept
    iifname "${link}" ct state established accept
    iifname "${link}" drop
  }
}
`;
}

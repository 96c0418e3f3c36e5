// What may pass between an actor and the world (L10, L14), as nftables text for the worker's own
// namespace. `gate` is empty while the worker is open, and refuses everything while it is closed.
import { actorAddress, actorGateway, workerSideLink } from "./inner-link.ts";

/** Family and name of the table; there is one a worker, in the worker's own namespace. */
export const actorTable = "inet substrate-actor";

/** IPv4 addresses that the rules name. */
export interface ActorRuleAddresses {
  /** The worker's own address, at which the actor is reached. */
  readonly worker: string;
  /** The node's side of the worker's link: may reach every TCP port of the actor. */
  readonly node: string;
  /** Answers the actor's DNS questions. */
  readonly dns: string;
}

/** The whole table; replaces an older one. Inbound is open. */
export function actorRules({ worker, node, dns }: ActorRuleAddresses): string {
  const inside = `iifname "${workerSideLink}"`;
  const outside = `iifname != "${workerSideLink}"`;
  return `table ${actorTable}
delete table ${actorTable}
table ${actorTable} {
  chain gate {
  }
  # Packets of connections that were forgotten. Answered before their address is translated, so that
  # the answer comes from where the packet went; an actor is not told before its worker opens again.
  chain forgotten {
    ct state new meta l4proto tcp tcp flags & (fin | syn | rst | ack) != syn reject with tcp reset
  }
  chain early {
    type filter hook prerouting priority mangle
    ${inside} jump gate
    ${inside} jump forgotten
    ${outside} ip daddr ${worker} tcp dport 80 jump forgotten
    ${outside} ip daddr ${worker} ip saddr ${node} jump forgotten
  }
  chain prerouting {
    type nat hook prerouting priority dstnat
    ${inside} ip daddr ${actorGateway} udp dport 53 dnat ip to ${dns}:53
    ${inside} ip daddr ${actorGateway} tcp dport 53 dnat ip to ${dns}:53
    ${outside} ip saddr ${node} ip daddr ${worker} meta l4proto tcp dnat ip to ${actorAddress}
    ${outside} ip daddr ${worker} tcp dport 80 dnat ip to ${actorAddress}:80
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr ${actorAddress} oifname != "${workerSideLink}" masquerade
  }
  chain forward {
    type filter hook forward priority filter; policy drop
    ${inside} ip saddr != ${actorAddress} drop
    meta nfproto ipv6 drop
    jump gate
    ct state established,related accept
    ${inside} ip daddr ${dns} meta l4proto { tcp, udp } th dport 53 ct status dnat accept
    ${inside} ip daddr { ${node}, 169.254.0.0/16 } drop
    ${inside} accept
    ${outside} ct status dnat accept
  }
  chain input {
    type filter hook input priority filter; policy accept
    ${inside} ip saddr != ${actorAddress} drop
    ${inside} ct state established accept
    ${inside} drop
  }
}
`;
}

/** Refuses new and old connections, so that an actor's last packets reach nobody and nobody reaches it. */
export const closeGate = `flush chain ${actorTable} gate
add rule ${actorTable} gate iifname != "${workerSideLink}" meta l4proto tcp reject with tcp reset
add rule ${actorTable} gate drop
`;

/** Undoes `closeGate`. */
export const openGate = `flush chain ${actorTable} gate
`;

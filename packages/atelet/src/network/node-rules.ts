// What may pass between workers, this machine and the world, as nftables text. Workers reach the
// world (unless their pool denies it) and the name server on their own link, and nothing else: not
// this machine, not each other, not link-local addresses. Nobody but this machine reaches a worker.
import { formatRange, type Ipv4Range } from "./ipv4-range.ts";

/** `inet substrate-<tag>`. */
export function nodeTable(tag: string): string {
  return `inet substrate-${tag}`;
}

/** The whole table; replaces an older one. `linkPrefix` begins the names of all links to workers. */
export function nodeRules(tag: string, linkPrefix: string, range: Ipv4Range): string {
  const table = nodeTable(tag);
  const workers = formatRange(range);
  const fromWorker = `iifname "${linkPrefix}*"`;
  const toWorker = `oifname "${linkPrefix}*"`;
  return `table ${table}
delete table ${table}
table ${table} {
  set denied {
    type ifname
  }
  chain prerouting {
    type filter hook prerouting priority raw; policy accept
    ${fromWorker} meta nfproto ipv6 drop
    ${fromWorker} fib saddr . iif oif missing drop
  }
  chain input {
    type filter hook input priority filter - 10; policy accept
    ${fromWorker} jump from_worker
  }
  chain from_worker {
    ct state established,related accept
    meta l4proto { tcp, udp } th dport 53 fib daddr . iif type local accept
    drop
  }
  chain forward {
    type filter hook forward priority filter - 10; policy accept
    ${fromWorker} jump leave_worker
    ${toWorker} ct state established,related accept
    ${toWorker} drop
  }
  chain leave_worker {
    iifname @denied drop
    ip daddr { ${workers}, 169.254.0.0/16 } drop
    tcp flags syn tcp option maxseg size set rt mtu
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept
    ip saddr ${workers} oifname != "${linkPrefix}*" masquerade
  }
}
`;
}

"""The network that the contract wants an actor to find, whatever back end it wakes in.

This process lives in the worker's network namespace, whose `eth0` has the worker address. The actor gets
a namespace of its own, with another `eth0`, and reaches the world through this one.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from .command import run

ACTOR_ADDRESS = "169.254.17.2"
GATEWAY_ADDRESS = "169.254.17.1"
_LINK = "ateom0"
_TABLE = "inet process-python"


class ActorNetwork:
    def __init__(self, netns_name: str) -> None:
        if os.path.exists("/proc/sys/net/core/netdev_budget"):
            raise RuntimeError("this is the machine's own network: start me in the network namespace of a worker")
        self.netns_path = f"/run/netns/{netns_name}"
        self._name = netns_name
        self._worker, self._node = _find_worker_addresses()

    def open(self) -> None:
        """Makes namespace, link and rules, in place of what a dead predecessor left."""
        self.close()
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
        run("nft", "-f", "-", text=_rules(self._worker, self._node))
        self._add_link()

    def renew(self) -> None:
        """Gives the next actor a network in which nothing of the last one is left: no address, no connection."""
        self._remove_link()
        self._add_link()

    def close(self) -> None:
        """Removes everything. Idempotent."""
        self._remove_link()
        run("nft", "-f", "-", text=f"table {_TABLE}\ndelete table {_TABLE}\n")

    def _add_link(self) -> None:
        run("ip", "netns", "add", self._name)
        run("ip", "link", "add", _LINK, "type", "veth", "peer", "name", "eth0", "netns", self._name)
        run("ip", "addr", "add", f"{GATEWAY_ADDRESS}/30", "dev", _LINK)
        run("ip", "link", "set", _LINK, "up")
        inside = ("ip", "-n", self._name)
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "addr", "add", f"{ACTOR_ADDRESS}/30", "dev", "eth0")
        run(*inside, "link", "set", "eth0", "up")
        run(*inside, "route", "add", "default", "via", GATEWAY_ADDRESS)

    def _remove_link(self) -> None:
        if _link_exists():
            run("ip", "link", "del", "dev", _LINK)
        if os.path.exists(self.netns_path):
            run("ip", "netns", "del", self._name)


def _link_exists() -> bool:
    links = json.loads(run("ip", "-json", "link", "show") or "[]")
    return any(link.get("ifname") == _LINK for link in links)


def _find_worker_addresses() -> tuple[str, str]:
    """The worker address, and the node's side of the worker's link."""
    links = json.loads(run("ip", "-json", "-4", "address", "show", "dev", "eth0") or "[]")
    routes = json.loads(run("ip", "-json", "-4", "route", "show", "default") or "[]")
    addresses = [entry["local"] for link in links for entry in link.get("addr_info", [])]
    gateways = [route["gateway"] for route in routes if route.get("dev") == "eth0" and "gateway" in route]
    if not addresses or not gateways:
        raise RuntimeError("eth0 has no IPv4 address or no default route: this is no worker's network namespace")
    return addresses[0], gateways[0]


def _rules(worker: str, node: str) -> str:
    inside = f'iifname "{_LINK}"'
    return f"""table {_TABLE}
delete table {_TABLE}
table {_TABLE} {{
  chain prerouting {{
    type nat hook prerouting priority dstnat
    {inside} ip daddr {GATEWAY_ADDRESS} udp dport 53 dnat ip to {node}:53
    {inside} ip daddr {GATEWAY_ADDRESS} tcp dport 53 dnat ip to {node}:53
    iifname "eth0" ip saddr {node} ip daddr {worker} meta l4proto tcp dnat ip to {ACTOR_ADDRESS}
    iifname "eth0" ip daddr {worker} tcp dport 80 dnat ip to {ACTOR_ADDRESS}:80
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat
    ip saddr {ACTOR_ADDRESS} oifname "eth0" masquerade
  }}
  chain forward {{
    type filter hook forward priority filter; policy drop
    meta nfproto ipv6 drop
    {inside} ip saddr != {ACTOR_ADDRESS} drop
    ct state established,related accept
    {inside} ip daddr {node} meta l4proto {{ tcp, udp }} th dport 53 ct status dnat accept
    {inside} ip daddr {{ {node}, 169.254.0.0/16 }} drop
    {inside} accept
    ct status dnat accept
  }}
  chain input {{
    type filter hook input priority filter; policy accept
    {inside} ct state established accept
    {inside} drop
  }}
}}
"""

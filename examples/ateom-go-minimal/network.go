package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	actorAddress   = "169.254.17.2"
	gatewayAddress = "169.254.17.1"
	linkName       = "ateom0"
	tableName      = "inet go-minimal"
	// The same wherever the actor wakes, since a restored memory remembers them.
	actorHardware   = "02:00:00:00:17:02"
	gatewayHardware = "02:00:00:00:17:01"
)

// network is the world of this worker's actors: a namespace with an eth0, linked to the namespace that this process
// lives in, whose own eth0 has the worker's address.
type network struct {
	netnsName string
}

func openNetwork(netnsName string) (*network, error) {
	// Settings of the whole machine are shown in its first network namespace only.
	if _, err := os.Stat("/proc/sys/net/core/netdev_budget"); err == nil {
		return nil, errors.New("this is the machine's own network: start me in the network namespace of a worker")
	}
	worker, node, err := findAddresses()
	if err != nil {
		return nil, err
	}
	n := &network{netnsName}
	if err := n.close(); err != nil {
		return nil, err
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0); err != nil {
		return nil, err
	}
	if err := errors.Join(run(rules(worker, node), "nft", "-f", "-"), n.addLink()); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

// renew gives the next actor a network in which nothing of the last one is left.
func (n *network) renew() error {
	return errors.Join(n.removeLink(), n.addLink())
}

// close removes everything. Idempotent.
func (n *network) close() error {
	return errors.Join(n.removeLink(), run(fmt.Sprintf("table %[1]s\ndelete table %[1]s\n", tableName), "nft", "-f", "-"))
}

func (n *network) addLink() error {
	if err := run("", "ip", "netns", "add", n.netnsName); err != nil {
		return err
	}
	outside := fmt.Sprintf(`link add %s address %s type veth peer name eth0 address %s netns %s
addr add %s/30 dev %[1]s
link set %[1]s up
`, linkName, gatewayHardware, actorHardware, n.netnsName, gatewayAddress)
	inside := fmt.Sprintf(`link set lo up
addr add %s/30 dev eth0
link set eth0 up
route add default via %s
`, actorAddress, gatewayAddress)
	if err := run(outside, "ip", "-batch", "-"); err != nil {
		return err
	}
	return run(inside, "ip", "-n", n.netnsName, "-batch", "-")
}

func (n *network) removeLink() error {
	err := run("", "ip", "link", "del", "dev", linkName)
	if err != nil && strings.Contains(err.Error(), "Cannot find device") {
		err = nil
	}
	if _, missing := os.Stat(filepath.Join("/run/netns", n.netnsName)); missing == nil {
		err = errors.Join(err, run("", "ip", "netns", "del", n.netnsName))
	}
	return err
}

// findAddresses answers the worker's address, which is the first of eth0, and the node's side of its link.
func findAddresses() (worker, node string, err error) {
	links, err := show("address", "show", "dev", "eth0")
	if err != nil {
		return "", "", err
	}
	routes, err := show("route", "show", "default")
	if err != nil {
		return "", "", err
	}
	for _, link := range links {
		for _, address := range link.Addresses {
			worker = cmp.Or(worker, address.Local)
		}
	}
	for _, route := range routes {
		if route.Device == "eth0" {
			node = cmp.Or(node, route.Gateway)
		}
	}
	if worker == "" || node == "" {
		return "", "", errors.New("eth0 has no IPv4 address or no default route: this is no worker's network namespace")
	}
	return worker, node, nil
}

// shown is what `ip` tells of links and routes.
type shown struct {
	Addresses []struct{ Local string } `json:"addr_info"`
	Device    string                   `json:"dev"`
	Gateway   string                   `json:"gateway"`
}

func show(words ...string) (answer []shown, err error) {
	text, err := exec.Command("ip", append([]string{"-json", "-4"}, words...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("ip %s: %w", strings.Join(words, " "), err)
	}
	return answer, json.Unmarshal(text, &answer)
}

func run(input, program string, args ...string) error {
	command := exec.Command(program, args...)
	command.Stdin = strings.NewReader(input)
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %.1000s", program, strings.Join(args, " "), err, said)
	}
	return nil
}

// rules: TCP port 80 of the worker is the actor's, and all others for the node; the actor reaches the world and the
// node's name server, and nothing else that is near.
func rules(worker, node string) string {
	return strings.NewReplacer("TABLE", tableName, "LINK", linkName, "WORKER", worker, "NODE", node,
		"ACTOR", actorAddress, "GATEWAY", gatewayAddress).Replace(`table TABLE {
  chain prerouting {
    type nat hook prerouting priority dstnat
    iifname "LINK" ip daddr GATEWAY udp dport 53 dnat ip to NODE:53
    iifname "LINK" ip daddr GATEWAY tcp dport 53 dnat ip to NODE:53
    iifname "eth0" ip saddr NODE ip daddr WORKER meta l4proto tcp dnat ip to ACTOR
    iifname "eth0" ip daddr WORKER tcp dport 80 dnat ip to ACTOR:80
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr ACTOR oifname "eth0" masquerade
  }
  chain forward {
    type filter hook forward priority filter; policy drop
    meta nfproto ipv6 drop
    iifname "LINK" ip saddr != ACTOR drop
    ct state established,related accept
    iifname "LINK" ip daddr NODE meta l4proto { tcp, udp } th dport 53 ct status dnat accept
    iifname "LINK" ip daddr { NODE, 169.254.0.0/16 } drop
    iifname "LINK" accept
    ct status dnat accept
  }
  chain input {
    type filter hook input priority filter; policy accept
    iifname "LINK" ct state established accept
    iifname "LINK" drop
  }
}
`)
}

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runCommand } from "../run-command.ts";
import {
  askFrom,
  connectFrom,
  createWorld,
  startNameServer,
  startTcpServer,
  type World,
} from "../testing/network-world.ts";
import { createNodeDirectory } from "../testing/node-directory.ts";
import { formatRange, rangesOverlap } from "./ipv4-range.ts";
import { NodeNetwork } from "./node-network.ts";
import type { WorkerLink } from "./worker-link.ts";

/** All that a node's network may leave on a machine. */
async function readMachine() {
  const [links, tables, routes, namespaces, forward] = await Promise.all([
    runCommand(["ip", "-o", "link", "show", "type", "veth"]),
    runCommand(["nft", "list", "tables"]),
    runCommand(["ip", "route", "show", "type", "blackhole"]),
    runCommand(["ip", "netns", "list"]),
    readFile("/proc/sys/net/ipv4/ip_forward", "utf8"),
  ]);
  return { links, tables, routes, namespaces, forward };
}

async function ownTrace(network: NodeNetwork, links: readonly WorkerLink[]) {
  const machine = await readMachine();
  return {
    route: machine.routes.includes(formatRange(network.range)),
    links: links.filter(({ linkName }) => machine.links.includes(linkName)).length,
    namespaces: links.filter(({ netnsName }) => machine.namespaces.includes(netnsName)).length,
  };
}

let world: World;
before(async () => {
  world = await createWorld(61);
});
after(() => world[Symbol.asyncDispose]());

test("a worker reaches the world, and nothing of this machine or of other workers", async (t) => {
  await using paths = await createNodeDirectory();
  const network = await NodeNetwork.open(paths, "/etc/resolv.conf");
  t.after(() => network.close());
  const one = await network.addWorker(randomUUID(), "nat");
  const other = await network.addWorker(randomUUID(), "nat");
  const denied = await network.addWorker(randomUUID(), "deny");

  await using outside = await startTcpServer(world.netns);
  assert.equal(await connectFrom(one.netnsName, world.address, outside.port), world.hostAddress);
  assert.notEqual(await connectFrom(denied.netnsName, world.address, outside.port), world.hostAddress);

  const here = createServer((socket) => socket.end("the machine"));
  await new Promise<void>((resolve) => here.listen(0, resolve));
  t.after(() => here.close());
  const { port } = here.address() as AddressInfo;
  for (const address of [one.nodeAddress, other.nodeAddress, world.hostAddress]) {
    assert.notEqual(await connectFrom(one.netnsName, address, port), "the machine", address);
  }

  await using neighbour = await startTcpServer(other.netnsName);
  assert.notEqual(await connectFrom(one.netnsName, other.workerAddress, neighbour.port), one.workerAddress);
  assert.notEqual(await connectFrom(one.netnsName, "169.254.169.254", 80), one.workerAddress);
  // Only this machine reaches a worker, and workers get answers from it.
  assert.notEqual(await connectFrom(world.netns, other.workerAddress, neighbour.port), world.address);
  const { promise, resolve } = Promise.withResolvers<string>();
  connect(neighbour.port, other.workerAddress).on("data", (data) => resolve(data.toString()));
  assert.equal(await promise, other.nodeAddress);
});

test("a source address that is not the worker's is dropped", async (t) => {
  await using paths = await createNodeDirectory();
  const network = await NodeNetwork.open(paths, "/etc/resolv.conf");
  t.after(() => network.close());
  const link = await network.addWorker(randomUUID(), "nat");
  await using outside = await startTcpServer(world.netns);
  await runCommand(["ip", "-n", link.netnsName, "addr", "add", "198.18.77.7/32", "dev", "lo"]);
  await runCommand([
    "ip",
    "-n",
    link.netnsName,
    "route",
    "replace",
    "default",
    "via",
    link.nodeAddress,
    "src",
    "198.18.77.7",
  ]);
  assert.equal(await connectFrom(link.netnsName, world.address, outside.port), "no answer");
});

test("names are asked of this machine's name server, by UDP and TCP", async (t) => {
  await using paths = await createNodeDirectory();
  await using udp = await startNameServer(world.netns, 53);
  await using tcp = await startTcpServer(world.netns, 53);
  assert.deepEqual([udp.port, tcp.port], [53, 53]);
  const resolvConf = join(paths.basePath, "host-resolv.conf");
  await writeFile(resolvConf, `search example\nnameserver ${world.address}\n`);
  const network = await NodeNetwork.open(paths, resolvConf);
  t.after(() => network.close());
  const link = await network.addWorker(randomUUID(), "nat");
  assert.equal(await askFrom(link.netnsName, link.nodeAddress, 53), "01answered--23456789question");
  assert.equal(await connectFrom(link.netnsName, link.nodeAddress, 53), world.hostAddress);
  assert.equal(await readFile(paths.resolvConf, "utf8"), "nameserver 169.254.17.1\n");
});

test("two nodes of one machine have ranges apart, and the last to go leaves nothing", async () => {
  const before = await readMachine();
  await using onePaths = await createNodeDirectory();
  await using otherPaths = await createNodeDirectory();
  const [one, other] = await Promise.all([
    NodeNetwork.open(onePaths, "/etc/resolv.conf"),
    NodeNetwork.open(otherPaths, "/etc/resolv.conf"),
  ]);
  assert.equal(rangesOverlap(one.range, other.range), false);
  const link = await other.addWorker(randomUUID(), "nat");
  const closed = await one.addWorker(randomUUID(), "nat");
  await one.close();
  assert.deepEqual(await ownTrace(one, [closed]), { route: false, links: 0, namespaces: 0 });
  await using outside = await startTcpServer(world.netns);
  assert.equal(await connectFrom(link.netnsName, world.address, outside.port), world.hostAddress);
  await other.close();
  assert.deepEqual(await ownTrace(other, [link]), { route: false, links: 0, namespaces: 0 });
  // Unless another installation is there too, which needs the machine to forward.
  const machine = await readMachine();
  if (!`${before.tables}${machine.tables}`.includes("substrate-"))
    assert.equal(machine.forward, before.forward);
});

test("what a crash left is removed when the same data folder is opened again", async (t) => {
  await using paths = await createNodeDirectory();
  const crashed = await NodeNetwork.open(paths, "/etc/resolv.conf");
  const link = await crashed.addWorker(randomUUID(), "deny");
  const network = await NodeNetwork.open(paths, "/etc/resolv.conf");
  t.after(async () => {
    await network.close();
    await runCommand(["ip", "netns", "del", link.netnsName]).catch(() => undefined);
  });
  assert.equal((await ownTrace(crashed, [link])).links, 0);
  assert.deepEqual(network.range, crashed.range);
});

// Real namespaces; needs root.
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { contractPaths, workerNetnsName } from "@agent-substrate/contract";
import { runCommand } from "../run-command.ts";
import { makeNodeWorld, metadataAddress, type NodeWorld } from "../test-support/node-world.ts";
import { startPeer } from "../test-support/peer.ts";
import { actorAddress, actorGateway } from "./inner-link.ts";
import { cleanUpWorkerNetwork, openWorkerNetwork } from "./worker-network.ts";

const isRoot = process.getuid?.() === 0;
const options = { skip: !isRoot && "needs root" };

async function openWorld(world: NodeWorld) {
  const worker = await world.addWorker();
  const paths = contractPaths("/nowhere").ateom(worker.uid);
  const network = await openWorkerNetwork(worker.uid, paths);
  const remove = () => cleanUpWorkerNetwork(worker.uid, paths);
  return { ...worker, paths, network, [Symbol.asyncDispose]: remove };
}

test("port 80 is everybody's, the other ports are the node's", options, async () => {
  await using world = await makeNodeWorld();
  await using opened = await openWorld(world);
  const { address, nodeAddress, paths, network } = opened;
  await using actor = startPeer(paths.netnsName);
  await using outside = startPeer(world.outside);
  await using node = startPeer(world.node);
  await Promise.all([actor.serveTcp(80), actor.serveTcp(9000)]);
  assert.equal(network.actorHost, address);
  assert.equal(await outside.connect(1, address, 80), `from ${world.outsideAddress}`);
  assert.equal(await outside.connect(2, address, 9000), "ECONNREFUSED");
  assert.equal(await node.connect(1, address, 80), `from ${nodeAddress}`);
  assert.equal(await node.connect(2, address, 9000), `from ${nodeAddress}`);
});

test("an actor reaches the outside as its worker, and DNS, and nothing of the node", options, async () => {
  await using world = await makeNodeWorld();
  await using opened = await openWorld(world);
  const { address, nodeAddress, paths } = opened;
  await using actor = startPeer(paths.netnsName);
  await using outside = startPeer(world.outside);
  await using node = startPeer(world.node);
  await Promise.all([
    outside.serveTcp(443),
    outside.serveUdp(7000),
    node.serveUdp(53),
    node.serveTcp(53),
    node.serveTcp(22),
  ]);
  assert.equal(await actor.connect(1, world.outsideAddress, 443), `from ${address}`);
  assert.equal(await actor.askUdp(actorGateway, 53, "who"), "who");
  assert.equal(await actor.connect(2, actorGateway, 53), `from ${address}`);
  assert.equal(await actor.connect(3, nodeAddress, 22), "dropped");
  assert.equal(await actor.connect(4, actorGateway, 22), "dropped");

  // What is sent first and may not pass has not come when the last one has.
  await runCommand(["ip", "-n", paths.netnsName, "addr", "add", "10.9.9.9/32", "dev", "lo"]);
  await actor.sendUdp(metadataAddress, 7000, "to metadata");
  await actor.sendUdp(world.outsideAddress, 7000, "spoofed", "10.9.9.9");
  await actor.sendUdp(world.outsideAddress, 7000, "plain");
  assert.deepEqual(await outside.received("plain"), [{ from: address, text: "plain" }]);
});

test("a closed gate ends old connections, and they stay ended when it opens", options, async () => {
  await using world = await makeNodeWorld();
  await using opened = await openWorld(world);
  const { address, paths, network } = opened;
  await using actor = startPeer(paths.netnsName);
  await using outside = startPeer(world.outside);
  await Promise.all([actor.serveTcp(80), outside.serveTcp(443), outside.serveUdp(7000)]);
  await outside.connect(1, address, 80);
  await actor.connect(1, world.outsideAddress, 443);
  assert.equal(await outside.write(1, "before"), "before");
  assert.equal(await actor.write(1, "before"), "before");

  await network.closeGate();
  await network.forgetConnections();
  assert.equal(await outside.connect(2, address, 80), "ECONNREFUSED");
  await actor.sendUdp(world.outsideAddress, 7000, "while closed");
  await network.openGate();
  await actor.sendUdp(world.outsideAddress, 7000, "while open");
  assert.deepEqual(await outside.received("while open"), [{ from: address, text: "while open" }]);

  assert.equal(await outside.write(1, "after"), "ECONNRESET");
  assert.equal(await actor.write(1, "after"), "ECONNRESET");
  assert.match(await outside.connect(3, address, 80), /^from/);
  assert.match(await actor.connect(3, world.outsideAddress, 443), /^from/);
});

test("renew puts back what a runtime took away", options, async () => {
  await using world = await makeNodeWorld();
  await using opened = await openWorld(world);
  const { address, paths, network } = opened;
  await using actor = startPeer(paths.netnsName);
  await using outside = startPeer(world.outside);
  await runCommand(["ip", "-n", paths.netnsName, "addr", "flush", "dev", "eth0"]);
  await network.renew();
  await network.renew();
  await actor.serveTcp(80, actorAddress);
  assert.equal(await outside.connect(1, address, 80), `from ${world.outsideAddress}`);
});

test("a network is made anew over a dead one's remains, and removed without a trace", options, async () => {
  await using world = await makeNodeWorld();
  await using first = await openWorld(world);
  const again = await openWorkerNetwork(first.uid, first.paths);
  await again.remove();
  await again.remove();
  await openWorkerNetwork(first.uid, first.paths);
  await cleanUpWorkerNetwork(first.uid, first.paths);
  await cleanUpWorkerNetwork(first.uid, first.paths);
  const inWorker = ["nsenter", `--net=/run/netns/${workerNetnsName(first.uid)}`];
  assert.equal(await runCommand([...inWorker, "nft", "list", "tables"]), "");
  assert.doesNotMatch(await runCommand([...inWorker, "ip", "link"]), /ateom0/);
  await assert.rejects(stat(first.paths.netnsPath), { code: "ENOENT" });
});

test("without a namespace for the worker the machine's own is left alone", options, async () => {
  const paths = contractPaths("/nowhere").ateom("no-such-worker");
  await assert.rejects(openWorkerNetwork("no-such-worker", paths), /machine's own network is never changed/);
});

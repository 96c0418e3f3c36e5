import assert from "node:assert/strict";
import { test } from "node:test";
import { nodes } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { refused } from "../testing/refusals.ts";
import { NodeDirectory } from "./node-directory.ts";
import { NodeSession } from "./node-session.ts";

const lease = { heartbeatIntervalMs: 10, leaseMs: 300, marginMs: 50 };

function session(nodeName = "n"): NodeSession {
  return new NodeSession(create(nodes.NodeHelloSchema, { nodeName, herderAddress: "unix:/nowhere" }));
}

function lost(directory: NodeDirectory): Promise<string> {
  return new Promise((resolve) => directory.onChange({ lost: resolve }));
}

test("a node without heartbeats is lost when its lease ends", async () => {
  const directory = new NodeDirectory(lease);
  const node = session();
  const name = lost(directory);
  directory.register(node);
  directory.reported(node);
  assert.equal(directory.find("n"), node);
  assert.equal(await name, "n");
  assert.equal(directory.isLeased("n"), false);
  await refused(
    directory.waitFor("n", new AbortController().signal),
    Code.Unavailable,
    /node n is not connected/,
  );
  directory.close();
});

test("an outage of this process itself loses no node (L13)", async () => {
  const directory = new NodeDirectory(lease);
  const node = session();
  directory.register(node);
  directory.reported(node);
  // One look in ordinary life, then nothing runs for longer than the lease.
  await new Promise((resolve) => setTimeout(resolve, 260));
  directory.heartbeat(node);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(directory.isLeased("n"), true);
  assert.equal(await lost(directory), "n", "and is lost when it is silent afterwards");
  directory.close();
});

test("who waits for a node is told when it is connected, and when it is lost", async () => {
  const directory = new NodeDirectory(lease);
  const { signal } = new AbortController();
  directory.expect("n");
  const waiting = directory.waitFor("n", signal);
  const node = session();
  directory.register(node);
  directory.reported(node);
  assert.equal(await waiting, node);
  directory.unregister(node);
  await refused(directory.waitFor("n", signal), Code.Unavailable);
  directory.close();
});

test("a second stream of a node replaces the first", () => {
  const directory = new NodeDirectory(lease);
  const [first, second] = [session(), session()];
  directory.register(first);
  directory.reported(first);
  directory.register(second);
  assert.equal(directory.isReplaced(first), true);
  directory.unregister(first);
  directory.reported(first);
  assert.equal(directory.find("n"), undefined, "the second has told no inventory yet");
  directory.reported(second);
  assert.equal(directory.find("n"), second);
  directory.close();
});

import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { hasCapability } from "./capabilities.ts";
import { demandNeeds, nodeLabels, parseNeeds, type WorkerNeeds } from "./worker-needs.ts";

const labels = nodeLabels("amd64");

function needs(some: Partial<WorkerNeeds>): WorkerNeeds {
  return { ...parseNeeds(undefined), ...some };
}

test("what this node has is enough", async () => {
  await demandNeeds(
    needs({
      devices: [{ path: "/dev/null", type: "character" }],
      paths: ["/etc"],
      nodeLabels: { "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": hostname() },
    }),
    labels,
  );
});

test("all that is lacking is told, by the field that asks for it", async () => {
  const lacking = needs({
    devices: [
      { path: "/dev/nothing", type: "character" },
      { path: "/dev/null", type: "block" },
    ],
    paths: ["/no/such/path"],
    capabilities: ["SYS_MAGIC"],
    nodeLabels: { "kubernetes.io/arch": "riscv64", zone: "b" },
    hasNodeAffinity: true,
  });
  await assert.rejects(demandNeeds(lacking, labels), (error: Error) => {
    for (const part of [
      "hostDevices: /dev/nothing is not on this machine",
      "hostDevices: /dev/null is no block device",
      "hostPaths: /no/such/path is not on this machine",
      "capabilities: SYS_MAGIC is no capability",
      "nodeSelector: kubernetes.io/arch=riscv64, and this node has kubernetes.io/arch=amd64",
      "nodeSelector: zone=b, and this node has no label zone",
      "nodeAffinity: only a cluster can judge it",
    ]) {
      assert.ok(error.message.includes(part), `${part}: ${error.message}`);
    }
    return true;
  });
});

test("capabilities are read from what the kernel says of a process", () => {
  const status = "Name:\tnode\nCapEff:\t0000000000001000\nCapBnd:\t000001ffffffffff\n";
  assert.equal(hasCapability(status, "NET_ADMIN"), true);
  assert.equal(hasCapability(status, "SYS_ADMIN"), false);
  assert.equal(hasCapability(status, "ALL"), false);
  assert.equal(hasCapability(status, "CAP_NET_ADMIN"), undefined);
  assert.equal(hasCapability("CapEff:\t000001ffffffffff\n", "ALL"), true);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { contractPaths, defaultBasePath, workerNetnsPath } from "./paths.ts";

describe("path conventions", () => {
  const paths = contractPaths(defaultBasePath);
  const uid = "5b1e7c9a-0000-4000-8000-000000000001";

  it("are those that deployed programs build", () => {
    const hash = "A".repeat(64);
    assert.equal(paths.cachedAsset(hash), `/var/lib/ateom-gvisor/static-files/runsc-${"a".repeat(64)}`);
    assert.equal(paths.ateom(uid).socket, `/var/lib/ateom-gvisor/ateoms/${uid}/ateom.sock`);
    assert.equal(paths.ateom(uid).netnsName, `ateom:${uid}`);
    assert.equal(paths.ateom(uid).netnsPath, `/run/netns/ateom:${uid}`);
    const actor = paths.actor({ namespace: "ns", template: "counter.team", actorId: "a1" });
    const root = "/var/lib/ateom-gvisor/actors/ns:counter.team:a1";
    assert.equal(actor.directory, root);
    assert.equal(actor.identity, `${root}/identity`);
    assert.equal(actor.sandboxAssets, `${root}/sandbox-assets.json`);
    assert.equal(actor.runtimeState, `${root}/runsc-state`);
    assert.equal(actor.bundle("app"), `${root}/bundles/app`);
    assert.equal(actor.debugLogs("app"), `${root}/runsc-debug-logs/app`);
    assert.equal(actor.checkpoint, `${root}/checkpoint-state`);
    assert.equal(actor.localCheckpoint, `${root}/local-checkpoint`);
    assert.equal(actor.durableDir("data"), `${root}/durable-dir/data`);
    assert.equal(actor.restore, `${root}/restore-state`);
    assert.equal(actor.pidFile("app"), `${root}/pidfiles/app.pid`);
    assert.equal(workerNetnsPath(uid), `/run/netns/worker:${uid}`);
  });

  it("hold no name that was not validated", () => {
    assert.throws(() => paths.cachedAsset("../../etc/passwd"));
    assert.throws(() => paths.ateom("../x"));
    assert.throws(() => paths.actor({ namespace: "..", template: "t", actorId: "a" }));
    assert.throws(() => paths.actor({ namespace: "n", template: "t", actorId: "a" }).bundle("../x"));
    assert.throws(() => workerNetnsPath("a/b"));
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { contractPaths } from "@agent-substrate/contract";
import type { BundleSet } from "./bundles.ts";
import { checkSpec, type OciMount } from "./oci-spec.ts";
import { identityPlaceholder, planSandbox } from "./sandbox-plan.ts";

const netns = "/run/netns/ateom:one";
const pathsOf = (actorId: string) =>
  contractPaths("/node").actor({ namespace: "default", template: "t", actorId });

function bundles(mounts: OciMount[], args = ["/app"], annotations: Record<string, string> = {}): BundleSet {
  const spec = checkSpec("test", { process: { args }, root: { path: "/rootfs" }, mounts, annotations });
  return { layout: "single", containers: [{ name: "main", spec }] };
}

function identityOf(actorId: string): OciMount {
  return { destination: "/run/ate", type: "bind", source: pathsOf(actorId).identity, options: ["ro"] };
}

test("two actors of one shape share a plan", () => {
  const first = planSandbox(bundles([identityOf("first")]), pathsOf("first"), netns);
  const second = planSandbox(bundles([identityOf("second")]), pathsOf("second"), netns);
  assert.equal(first.key, second.key);
  assert.equal(first.isAnyActors, true);
  assert.equal(first.containers[0]?.spec.mounts[0]?.source, identityPlaceholder);
});

test("other arguments, or another namespace, are another plan", () => {
  const plan = planSandbox(bundles([]), pathsOf("first"), netns);
  assert.notEqual(planSandbox(bundles([], ["/app", "x"]), pathsOf("first"), netns).key, plan.key);
  assert.notEqual(planSandbox(bundles([]), pathsOf("first"), "/run/netns/ateom:two").key, plan.key);
});

test("what binds more of its actor's directory is one actor's", () => {
  const source = pathsOf("first").durableDir("store");
  const mount = { destination: "/data", type: "bind", source, options: ["rw"] };
  const plan = planSandbox(bundles([identityOf("first"), mount]), pathsOf("first"), netns);
  assert.equal(plan.isAnyActors, false);
  assert.equal(plan.containers[0]?.spec.mounts[1]?.source, source);
});

test("a hint about a durable directory is dropped, any other is kept", () => {
  const hint = (name: string, source: string) => ({
    [`dev.gvisor.spec.mount.${name}.type`]: "bind",
    [`dev.gvisor.spec.mount.${name}.source`]: source,
  });
  const annotations = {
    ...hint("durabledir", pathsOf("first").durableDir("store")),
    ...hint("other", "/srv"),
  };
  const plan = planSandbox(bundles([], ["/app"], annotations), pathsOf("first"), netns);
  const kept = Object.keys(plan.containers[0]?.spec.annotations ?? {}).filter((key) =>
    key.startsWith("dev."),
  );
  assert.deepEqual(kept, Object.keys(hint("other", "/srv")));
});

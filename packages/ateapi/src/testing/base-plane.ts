import { parseStaticNodes } from "../nodes/static/parse-static-nodes.ts";
import { BaseNode } from "./base-node.ts";
import { TestPlane, template } from "./test-plane.ts";

const spec = { sandboxClass: "foreign" };

/** A control plane with two workers of a node that knows the base calls alone, and a ready template. */
export async function startWithBaseNode() {
  const node = await BaseNode.start();
  const plane = await TestPlane.start({ staticNodes: parseStaticNodes(node.listing, "nodes.yaml") });
  await plane.apply({
    apiVersion: "ate.dev/v1alpha1",
    kind: "WorkerPool",
    metadata: { name: "pool" },
    spec: { ...spec, replicas: 0 },
  });
  await plane.apply(template("counter", spec));
  await plane.control.createAtespace({ name: "a" });
  await plane.untilPhase("counter", "Ready");
  node.calls.length = 0;
  return {
    plane,
    node,
    async [Symbol.asyncDispose]() {
      await plane[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
    },
  };
}

/** Waits, by the watch, for an event. */
export async function untilEvent(plane: TestPlane, reason: string) {
  for await (const { change } of plane.watch.watch({ events: true })) {
    if (change.case === "event" && change.value.reason === reason) return change.value;
  }
  throw new Error("the watch ended");
}

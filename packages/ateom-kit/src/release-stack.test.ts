import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ReleaseStack } from "./release-stack.ts";

describe("a release stack", () => {
  it("releases all in the opposite order, once, although one fails", async () => {
    const released: string[] = [];
    const stack = new ReleaseStack();
    stack.defer(() => released.push("first"));
    stack.defer(async () => {
      throw new Error("stuck");
    });
    stack.defer(async () => released.push("last"));
    await assert.rejects(async () => stack[Symbol.asyncDispose](), /stuck/);
    await stack[Symbol.asyncDispose]();
    assert.deepEqual(released, ["last", "first"]);
  });

  it("releases nothing that was moved away", async () => {
    const released: string[] = [];
    const move = async () => {
      await using made = new ReleaseStack();
      made.defer(() => released.push("moved"));
      return made.move();
    };
    const moved = await move();
    assert.deepEqual(released, []);
    await moved[Symbol.asyncDispose]();
    assert.deepEqual(released, ["moved"]);
  });
});

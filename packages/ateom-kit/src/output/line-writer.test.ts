import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createLineWriter } from "./line-writer.ts";

const lines = Array.from({ length: 40 }, (_, index) => `${index}:${"x".repeat(64 * 1024)}`);

if (process.send) {
  // The writing side: tells whether it was full, and ends by itself when all is written.
  const writer = createLineWriter(1);
  for (const line of lines) writer.write(line);
  process.send(writer.isFull());
  await writer.whenFree();
  writer.write(`full:${writer.isFull()}`);
  process.disconnect();
} else {
  test("a reader that stalls makes the writer full, and every line comes whole and in order", async () => {
    const child = fork(fileURLToPath(import.meta.url), {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      execArgv: [],
    });
    const [isFull] = await once(child, "message");
    assert.equal(isFull, true);
    assert.ok(child.stdout);
    assert.deepEqual((await text(child.stdout)).trimEnd().split("\n"), [...lines, "full:false"]);
  });
}

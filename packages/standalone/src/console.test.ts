import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { createConsole } from "./console.ts";

test("a log gets its lines and no status", () => {
  const output = new PassThrough();
  const console = createConsole(output);
  console.say("starting");
  console.showStatus("actors 1");
  console.say("stopped");
  console.endStatus();
  assert.equal(String(output.read()), "starting\nstopped\n");
});

test("a terminal keeps its status below what is said, cut to its width", () => {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 9 });
  const console = createConsole(output);
  console.showStatus("actors 1 running");
  console.say("hello");
  console.endStatus();
  const clear = "\r\u001b[K";
  assert.equal(String(output.read()), `${clear}actors 1${clear}hello\n${clear}actors 1${clear}`);
});

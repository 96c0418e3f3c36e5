import assert from "node:assert/strict";
import { test } from "node:test";
import { lineBytesMax, splitLines } from "./split-lines.ts";

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.flush();
  return lines;
}

test("lines are cut at line ends, wherever the chunks end", () => {
  assert.deepEqual(split("a\nb", "c\r", "\n\n", "d"), ["a", "bc", "", "d"]);
});

test("characters are whole when chunks cut them", () => {
  const bytes = Buffer.from("grüße €\n");
  assert.deepEqual(split(...Array.from(bytes, (byte) => Buffer.of(byte))), ["grüße €"]);
});

test("a line without end is given out in bounded parts of whole characters", () => {
  const text = "x".repeat(lineBytesMax - 1) + "€".repeat(3) + "y".repeat(2 * lineBytesMax);
  const lines = split(text);
  assert.equal(lines.join(""), text);
  assert.ok(lines.every((line) => Buffer.byteLength(line) <= lineBytesMax));
});

test("a line of exactly the bound is one line", () => {
  assert.deepEqual(split(`${"z".repeat(lineBytesMax)}\n`), ["z".repeat(lineBytesMax)]);
});

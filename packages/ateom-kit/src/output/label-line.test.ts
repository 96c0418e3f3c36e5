import assert from "node:assert/strict";
import { test } from "node:test";
import { labelLine } from "./label-line.ts";

const labels = { "ate.dev/actor_id": "a1" };
const time = new Date("2026-01-02T03:04:05.678Z");
const label = (line: string) => JSON.parse(labelLine(line, labels, time));

test("what is no JSON object becomes the message", () => {
  for (const line of ["hello", "", '"text"', "[1]", "{broken", "null", "12"]) {
    assert.deepEqual(label(line), { time: time.toISOString(), message: line, labels });
  }
});

test("a JSON object keeps its fields and gets what it lacks", () => {
  assert.deepEqual(label('{"level":"info","n":1}'), {
    time: time.toISOString(),
    labels,
    level: "info",
    n: 1,
  });
  assert.deepEqual(label(' {"time":"yesterday"} '), { time: "yesterday", labels });
  assert.deepEqual(label("{ }"), { time: time.toISOString(), labels });
});

test("an actor cannot take another's labels", () => {
  const line = label('{"labels":{"ate.dev/actor_id":"other","own":"x"},"time":"t"}');
  assert.deepEqual(line, { time: "t", labels: { "ate.dev/actor_id": "a1", own: "x" } });
  assert.deepEqual(label('{"labels":"text"}').labels, labels);
});

test("numbers that JavaScript cannot hold stay as they were written", () => {
  assert.match(labelLine('{"id":12345678901234567890}', labels, time), /"id":12345678901234567890}$/);
});

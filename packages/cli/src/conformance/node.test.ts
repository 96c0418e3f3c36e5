import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../test-support/run.ts";

const pinned = `local/counter@sha256:${"0".repeat(64)}`;
const node = ["conformance", "--node", "127.0.0.1:1"];

test("what is missing for a node is said, exit code 2", async () => {
  const wrong: [words: string[], message: RegExp][] = [
    [
      ["conformance", "--node", "nowhere", "--class", "c", "--worker", "u=1", "--image", pinned],
      /--node should be/,
    ],
    [node, /--class or --config/],
    [[...node, "--class", "c"], /--worker UID=ADDRESS/],
    [[...node, "--class", "c", "--worker", "u"], /--worker should be UID=ADDRESS/],
    [[...node, "--class", "c", "--worker", "u=127.0.0.1"], /--image/],
    [[...node, "--class", "c", "--worker", "u=127.0.0.1", "--image", pinned], /--snapshots/],
    [[...node, "--item", "nothing/"], /no item begins so/],
    [[...node, "--class", "c", "--", "command"], /either --node or/],
  ];
  for (const [words, message] of wrong) {
    const { code, stderr } = await run(words);
    assert.match(stderr, message);
    assert.equal(code, 2, words.join(" "));
  }
});

test("the items of a node are listed", async () => {
  const { code, stdout } = await run([...node, "--list"]);
  assert.equal(code, 0);
  assert.match(stdout, /^node\/stored-form +\S/m);
});

test("a node that is not there ends the run, exit code 1", async () => {
  const snapshots = await mkdtemp(join(tmpdir(), "conformance-node-"));
  try {
    const words = [
      ...node,
      "--class",
      "c",
      "--worker",
      "u=127.0.0.1",
      "--image",
      pinned,
      "--snapshots",
      snapshots,
    ];
    const { code, stderr } = await run(words);
    assert.equal(code, 1);
    assert.match(stderr, /nobody answers at 127\.0\.0\.1:1/);
  } finally {
    await rm(snapshots, { recursive: true, force: true });
  }
});

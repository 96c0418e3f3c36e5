import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveOptions } from "@agent-substrate/process-kit";
import { demoOptionSpecs, upOptionSpecs } from "./options.ts";

const env = { SUBSTRATE_RUNSC: "/opt/runsc" };

test("what nobody says has its default", () => {
  const options = resolveOptions(upOptionSpecs, [], env);
  assert.deepEqual(options, {
    data: "/var/lib/substrate",
    listen: { host: "127.0.0.1", port: 7070 },
    router: { host: "127.0.0.1", port: 7080 },
    workers: 2,
    runsc: "/opt/runsc",
    store: undefined,
    snapshots: undefined,
    staticNodes: undefined,
  });
});

test("a demo takes free ports and a folder of its own", () => {
  const options = resolveOptions(demoOptionSpecs, [], env);
  assert.deepEqual([options.data, options.listen.port, options.router.port], [undefined, 0, 0]);
});

test("a wrong value names its flag and its environment name", () => {
  const wrong: [string, RegExp][] = [
    ["--workers=none", /--workers \(SUBSTRATE_WORKERS\).*whole number/],
    ["--workers=257", /--workers \(SUBSTRATE_WORKERS\).*between 0 and 256/],
    ["--listen=7070", /--listen \(SUBSTRATE_LISTEN\).*host:port/],
    ["--listen=0.0.0.0:7070", /--listen \(SUBSTRATE_LISTEN\).*loopback/],
    ["--store=mysql://db", /--store \(SUBSTRATE_STORE\).*sqlite:/],
    ["--snapshots=s3://bucket/x", /--snapshots \(SUBSTRATE_SNAPSHOTS\).*file:\/\//],
    [`--data=/${"d".repeat(90)}`, /--data \(SUBSTRATE_DATA\).*too long/],
  ];
  for (const [word, message] of wrong) {
    assert.throws(() => resolveOptions(upOptionSpecs, [word], env), message);
  }
});

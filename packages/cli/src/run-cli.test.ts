import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ateapi, watch } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import type { Command } from "commander";
import { createProgram } from "./program.ts";
import { startFakeControlPlane } from "./test-support/fake-control-plane.ts";
import { run } from "./test-support/run.ts";

test("atespaces and workers", async () => {
  await using fake = await startFakeControlPlane();
  const substrate = (...argv: string[]) => run([...argv, "--endpoint", fake.endpoint]);
  assert.equal((await substrate("get", "atespaces")).stdout, "NAME\na\nb\n");
  assert.deepEqual(JSON.parse((await substrate("get", "atespace", "a", "-o", "json")).stdout), {
    atespaces: [{ name: "a" }],
  });
  assert.equal((await substrate("create", "atespace", "demo")).stdout, "atespace demo created\n");
  assert.equal((await substrate("delete", "atespace", "demo")).stdout, "atespace demo deleted\n");
  assert.match(
    (await substrate("delete", "atespace", "full")).stderr,
    /still has actors \(FAILED_PRECONDITION\)/,
  );

  const worker = { workerNamespace: "default", workerPool: "gvisor" };
  fake.workers.push(
    create(ateapi.WorkerSchema, { ...worker, workerPod: "w-2", actorAtespace: "a", actorId: "x" }),
    create(ateapi.WorkerSchema, { ...worker, workerPod: "w-1" }),
  );
  assert.equal(
    (await substrate("get", "workers")).stdout,
    `NAMESPACE   POOL     POD   STATUS     ASSIGNED ACTOR
default     gvisor   w-1   FREE       -
default     gvisor   w-2   ASSIGNED   a/x
`,
  );
});

test("events, with nothing in them that moves a terminal's cursor", async () => {
  await using fake = await startFakeControlPlane();
  fake.events.push(
    create(watch.EventSchema, {
      id: 1n,
      time: { seconds: 1_800_000_000n },
      reason: "Resumed",
      message: "resumed\u001b[2J",
      atespace: "a",
      actorId: "x",
    }),
  );
  const { stdout } = await run(["get", "events", "--endpoint", fake.endpoint]);
  assert.equal(
    stdout,
    `TIME                   REASON    OBJECT   MESSAGE
2027-01-15T08:00:00Z   Resumed   a/x      resumed?[2J
`,
  );
});

test("no control plane: where, and what to do next", async () => {
  const { code, stderr } = await run(["get", "workers", "--endpoint", "unix:/no/such.sock"]);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    "error: cannot list workers: no control plane at unix:/no/such.sock; start one with ./substrate up, or name another with --endpoint (SUBSTRATE_ENDPOINT)\n",
  );
});

test("the token of a file goes with each call and into no text", async () => {
  await using fake = await startFakeControlPlane();
  const folder = await mkdtemp(join(tmpdir(), "substrate-cli-"));
  try {
    await writeFile(join(folder, "token"), "s3cret\n");
    await run(["get", "workers", "--endpoint", fake.endpoint, "--token-file", join(folder, "token")]);
    assert.equal(fake.authorization, "Bearer s3cret");
  } finally {
    await rm(folder, { recursive: true });
  }
});

for (const [argv, text] of [
  [["nonsense"], /unknown command 'nonsense'/],
  [["get"], /Usage: substrate get/],
  [["get", "nonsense"], /unknown command 'nonsense'/],
  [["get", "actors", "-o", "xml"], /Allowed choices are table, json, yaml, name/],
  [["get", "actor", "x", "-A"], /give -a ATESPACE instead of -A/],
  [["create", "actor", "x"], /required option '--template/],
  [["create", "actor", "x", "--template", "a/b/c"], /It should be NAMESPACE\/NAME/],
  [["delete"], /give actor NAME, atespace NAME or -f FILE/],
  [["get", "workers", "--timeout", "0"], /--timeout \(SUBSTRATE_TIMEOUT\)/],
  [
    ["get", "workers", "--endpoint", "nonsense/x"],
    /--endpoint \(SUBSTRATE_ENDPOINT\): "nonsense\/x" is no address/,
  ],
] as const) {
  test(`wrong usage, exit code 2: substrate ${argv.join(" ")}`, async () => {
    const { code, stderr } = await run(argv);
    assert.equal(code, 2);
    assert.match(stderr, text);
  });
}

test("every command has a description, and every one that acts has examples", async () => {
  const io = { stdin: (async function* () {})(), stdout: { write() {} }, stderr: { write() {} }, env: {} };
  const program = await createProgram([], io, new AbortController().signal);
  const examine = async (command: Command, path: readonly string[]): Promise<void> => {
    assert.notEqual(command.description(), "", path.join(" "));
    for (const child of command.commands) await examine(child, [...path, child.name()]);
    const stub = ["up", "demo", "doctor"].includes(path[0] ?? "");
    if (command.commands.length > 0 || stub || path.length === 0) return;
    const { code, stdout } = await run([...path, "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /\nExamples:\n {2}substrate /, path.join(" "));
  };
  await examine(program, []);
});

test("as a process: help on stdout, errors on stderr, exit codes", () => {
  const main = new URL("./main.ts", import.meta.url).pathname;
  const substrate = (...argv: string[]) => spawnSync(process.execPath, [main, ...argv], { encoding: "utf8" });
  const help = substrate();
  assert.equal(help.status, 0);
  assert.match(help.stdout, /^Usage: substrate/);
  const wrong = substrate("get", "workers", "--endpoint", "unix:/no/such.sock");
  assert.deepEqual([wrong.status, wrong.stdout], [1, ""]);
  assert.match(wrong.stderr, /no control plane/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, watch } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { parse } from "yaml";
import { startFakeControlPlane } from "../test-support/fake-control-plane.ts";
import { run } from "../test-support/run.ts";

function actor(atespace: string, actorId: string, fields: object = {}): ateapi.Actor {
  return create(ateapi.ActorSchema, {
    atespace,
    actorId,
    actorTemplateNamespace: "default",
    actorTemplateName: "counter",
    status: ateapi.Actor_Status.SUSPENDED,
    version: 3n,
    ...fields,
  });
}

test("an actor's life: create, resume, get, pause, suspend, delete", async () => {
  await using fake = await startFakeControlPlane();
  const substrate = (...argv: string[]) => run([...argv, "--endpoint", fake.endpoint]);

  const created = await substrate(
    "create",
    "actor",
    "a",
    "--template",
    "ns/counter",
    "-a",
    "demo",
    "--selector",
    "size=big",
  );
  assert.deepEqual(created, { code: 0, stdout: "actor demo/a created\n", stderr: "" });
  assert.deepEqual(fake.actors[0]?.workerSelector?.matchLabels, { size: "big" });

  const resumed = await substrate("resume", "actor", "a", "-a", "demo");
  assert.match(resumed.stdout, /^actor demo\/a is RUNNING \(\d+ ms: restore 61\.0, place 0\.4\)\n$/);
  const running = await substrate("delete", "actor", "a", "-a", "demo");
  assert.equal(running.code, 1);
  assert.equal(
    running.stderr,
    "error: cannot delete actor demo/a: the actor is RUNNING; only a SUSPENDED one can be deleted (FAILED_PRECONDITION)\n",
  );
  assert.match((await substrate("pause", "actor", "a", "-a", "demo")).stdout, /is PAUSED/);
  assert.match((await substrate("suspend", "actor", "a", "-a", "demo")).stdout, /is SUSPENDED/);
  assert.equal((await substrate("delete", "actor", "a", "-a", "demo")).stdout, "actor demo/a deleted\n");
  assert.deepEqual(fake.actors, []);
});

test("tables are sorted; JSON and YAML are the List response even for one", async () => {
  await using fake = await startFakeControlPlane();
  const substrate = (...argv: string[]) => run([...argv, "--endpoint", fake.endpoint]);
  const worker = { ateomPodName: "w-1", ateomPodIp: "100.96.0.2", status: ateapi.Actor_Status.RUNNING };
  fake.actors.push(actor("b", "x"), actor("a", "z", worker), actor("a", "y"));

  assert.equal(
    (await substrate("get", "actors", "-A")).stdout,
    `ATESPACE   TEMPLATE NS   TEMPLATE   ID   STATUS      ATEOM POD   ATEOM IP     VERSION
a          default       counter    y    SUSPENDED   -           -            3
a          default       counter    z    RUNNING     w-1         100.96.0.2   3
b          default       counter    x    SUSPENDED   -           -            3
`,
  );
  assert.equal((await substrate("get", "actors", "-a", "a", "-o", "name")).stdout, "actor/y\nactor/z\n");
  const one = {
    actors: [
      {
        actorId: "x",
        version: "3",
        actorTemplateNamespace: "default",
        actorTemplateName: "counter",
        status: "STATUS_SUSPENDED",
        atespace: "b",
      },
    ],
  };
  const json = await substrate("get", "actor", "x", "-a", "b", "-o", "json");
  assert.deepEqual(JSON.parse(json.stdout), one);
  const yaml = await substrate("get", "actor", "x", "-a", "b", "-o", "yaml");
  assert.deepEqual(parse(yaml.stdout, { version: "1.1" }), one);
  assert.deepEqual(await substrate("get", "actors", "-a", "none"), {
    code: 0,
    stdout: "",
    stderr: "No actors in atespace none.\n",
  });
});

test("an actor that is not there: what happened and what to do next", async () => {
  await using fake = await startFakeControlPlane();
  const { code, stderr } = await run(["get", "actor", "x", "-a", "b", "--endpoint", fake.endpoint]);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    "error: cannot get actor b/x: no actor b/x (NOT_FOUND); substrate get actors -A shows all that are there\n",
  );
});

test("a watch shows what is, then each change, and ends when told to", async () => {
  await using fake = await startFakeControlPlane();
  fake.actors.push(actor("a", "x"));
  fake.changes.push(
    create(watch.WatchResponseSchema, {
      version: 2n,
      change: { case: "actor", value: actor("a", "x", { status: ateapi.Actor_Status.RUNNING }) },
    }),
    create(watch.WatchResponseSchema, {
      version: 3n,
      change: { case: "actorDeleted", value: { atespace: "a", name: "x" } },
    }),
  );
  const enough = new AbortController();
  const { stdout } = await run(["get", "actors", "-a", "a", "-w", "--endpoint", fake.endpoint], {
    signal: enough.signal,
    onStdout: (text) => {
      if (text.includes("DELETED")) enough.abort();
    },
  });
  const statuses = stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/)[4]);
  assert.deepEqual(statuses, ["STATUS", "SUSPENDED", "RUNNING", "DELETED"]);
});

test("logs", async () => {
  await using fake = await startFakeControlPlane();
  fake.logLines.push("one", "two", "three");
  const logs = (...more: string[]) =>
    run(["logs", "actors", "x", "-a", "a", "--endpoint", fake.endpoint, ...more]);
  assert.equal((await logs()).stdout, "one\ntwo\nthree\n");
  assert.equal((await logs("--tail", "1", "--prefix")).stdout, "[w1 main] three\n");
});

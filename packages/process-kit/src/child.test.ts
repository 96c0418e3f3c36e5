import assert from "node:assert/strict";
import { test } from "node:test";
import { ChildError, type SuperviseEvent, startChild, superviseChild } from "./index.ts";

const env = { PATH: process.env.PATH ?? "" };
const announce = `console.log(JSON.stringify({ ready: true, port: 7 }));`;
const node = (script: string) => [process.execPath, "-e", script] as const;

test("a child is ready when it says so, and ends by TERM", async () => {
  const child = await startChild({ name: "c", env, command: node(`${announce} setInterval(() => {}, 1e6)`) });
  assert.equal(child.facts.port, 7);
  assert.deepEqual(await child.stop(), { code: undefined, signal: "SIGTERM" });
});

test("an early end is an error that holds what the child wrote", async () => {
  const command = node(`console.error("no such disk"); process.exit(3)`);
  await assert.rejects(
    startChild({ name: "c", env, command, onStderr: () => undefined }),
    (error: ChildError) => {
      assert.ok(error instanceof ChildError);
      assert.equal(error.message, "c ended (code 3) before it was ready; it wrote:\nno such disk");
      return true;
    },
  );
});

test("a program that is not there is an error", async () => {
  await assert.rejects(
    startChild({ name: "c", env, command: ["/no/such/program"] }),
    /c could not be started: .*ENOENT/,
  );
});

test("a child that does not get ready in time is an error", async () => {
  const command = node("setInterval(() => {}, 1e6)");
  const started = startChild({ name: "c", env, command, readyTimeoutMs: 1 });
  await assert.rejects(started, /^ChildError: c was not ready within 1 ms$/);
});

test("a start that is given up ends the child with its group", async () => {
  const command = node(`
    const { pid } = require("node:child_process").spawn("sleep", ["1000"]);
    console.error(pid); setInterval(() => {}, 1e6)`);
  const giveUp = new AbortController();
  let grandchild = 0;
  const onStderr = (line: string) => {
    grandchild = Number(line);
    giveUp.abort();
  };
  await assert.rejects(startChild({ name: "c", env, command, onStderr }, giveUp.signal), {
    name: "AbortError",
  });
  assert.ok(grandchild > 0);
  await gone(grandchild);
});

test("a child that ignores TERM is killed", async () => {
  const script = `process.on("SIGTERM", () => {}); ${announce} setInterval(() => {}, 1e6)`;
  const child = await startChild({ name: "c", env, command: node(script), termTimeoutMs: 10 });
  const [first, second] = await Promise.all([child.stop(), child.stop()]);
  assert.equal(first.signal, "SIGKILL");
  assert.equal(second.signal, "SIGKILL");
});

test("the guard pipe ends when the parent dies without a word", async () => {
  const guarded = `
    import { guardParent } from ${JSON.stringify(new URL("./run-until-signal.ts", import.meta.url).href)};
    const gone = guardParent();
    gone.addEventListener("abort", () => process.exit(0));
    ${announce} setInterval(() => {}, 1e6);`;
  const parent = `
    const { startChild } = await import(${JSON.stringify(new URL("./child.ts", import.meta.url).href)});
    const child = await startChild({ name: "g", env: {}, command: ${JSON.stringify(node(guarded))} });
    console.log(JSON.stringify({ ready: true, grandchild: child.pid }));`;
  const child = await startChild({ name: "p", env, command: node(parent) });
  const grandchild = Number(child.facts.grandchild);
  process.kill(child.pid, "SIGKILL");
  await child.exited;
  await gone(grandchild);
});

test("a supervised child comes back after a crash and not after a stop", async () => {
  const events: SuperviseEvent["kind"][] = [];
  const again = Promise.withResolvers<void>();
  const supervised = await superviseChild({
    name: "c",
    env,
    command: node(`${announce} setInterval(() => {}, 1e6)`),
    backoff: { minMs: 1, maxMs: 2 },
    onEvent: ({ kind }) => {
      events.push(kind);
      if (events.length === 4) again.resolve();
    },
  });
  const first = supervised.current;
  process.kill(first?.pid ?? 0, "SIGKILL");
  await again.promise;
  assert.notEqual(supervised.current?.pid, first?.pid);
  await supervised.stop();
  assert.deepEqual(events, ["ready", "exited", "restarting", "ready", "exited"]);
  assert.equal(supervised.current, undefined);
});

/** Resolves when a process that is not our child is gone or waits only to be reaped. */
async function gone(pid: number): Promise<void> {
  const { readFile } = await import("node:fs/promises");
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (stat === "" || / Z /.test(stat)) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

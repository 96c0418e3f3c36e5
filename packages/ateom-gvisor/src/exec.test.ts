import assert from "node:assert/strict";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import type { ExecCommand, ExecProcess } from "@agent-substrate/ateom-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import { carrySnapshot } from "./testing/snapshots.ts";
import { again, openTestNode, openTestWorker, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;

/** A Node.js program, since there is nothing else in the root file system. */
const run = (program: string, more: Partial<ExecCommand> = {}): ExecCommand => ({
  container: "main",
  command: ["node", "-e", program],
  env: [],
  ...more,
});
const waits = "console.log(process.pid); setInterval(() => {}, 1e6)";

async function startIn(node: TestNode, actorId: string, options = {}) {
  const worker = await openTestWorker(node);
  const actor = await worker.place(actorId, options);
  await worker.worker.run(actor, never);
  await worker.get();
  return {
    ...worker,
    actor,
    async exec(command: ExecCommand): Promise<ExecProcess> {
      const process = await worker.worker.exec?.(command, never);
      return process ?? assert.fail("there is no exec");
    },
  };
}

async function resultOf(process: ExecProcess) {
  const [stdout, stderr, exit] = await Promise.all([
    text(process.stdout),
    process.stderr ? text(process.stderr) : "",
    process.exited,
  ]);
  await process.close();
  return { stdout, stderr, exit };
}

/** The next that it writes. */
async function nextOutput({ stdout }: ExecProcess): Promise<string> {
  for (;;) {
    const chunk = stdout.read();
    if (chunk !== null) return String(chunk);
    await once(stdout, "readable");
  }
}

/** Reads until what was shown matches. */
async function shown(process: ExecProcess, pattern: RegExp): Promise<RegExpExecArray> {
  for (let all = ""; ; ) {
    all += await nextOutput(process);
    const match = pattern.exec(all);
    if (match) return match;
  }
}

test("processes beside a workload", { skip: skipReason }, async (suite) => {
  let node: TestNode;
  before(async () => {
    node = await openTestNode();
  });
  after(() => node?.[Symbol.asyncDispose]());

  await suite.test("streams, environment, directory and exit are the process's own", async () => {
    await using actor = await startIn(node, "streams", { env: ["OWN=1", "BOTH=container"] });
    const tells = `
      const { OWN, BOTH, MORE } = process.env;
      console.error([OWN, BOTH, MORE, process.cwd(), process.getuid(), process.stdin.isTTY].join());
      process.stdin.on("data", (data) => process.stdout.write(String(data).toUpperCase()));
      process.stdin.on("end", () => { process.exitCode = 130; });
    `;
    const process = await actor.exec(run(tells, { env: ["BOTH=exec", "MORE=x=y"], cwd: "/tmp" }));
    process.stdin.write("one ");
    process.stdin.end("two");
    assert.deepEqual(await resultOf(process), {
      stdout: "ONE TWO",
      stderr: "1,exec,x=y,/tmp,0,\n",
      exit: { code: 130 },
    });
    // Shorter than it takes to learn its number.
    for (let turn = 0; turn < 5; turn += 1) {
      assert.deepEqual((await resultOf(await actor.exec(run("process.exit(0)")))).exit, { code: 0 });
    }
  });

  await suite.test("more than a pipe holds goes through, in both directions", async () => {
    await using actor = await startIn(node, "much");
    const process = await actor.exec(run("process.stdin.pipe(process.stdout)"));
    process.stdin.end(Buffer.alloc(3_000_000, "x"));
    assert.equal((await resultOf(process)).stdout.length, 3_000_000);
  });

  await suite.test("a signal reaches the process and is told as its end", async () => {
    await using actor = await startIn(node, "signals");
    const process = await actor.exec(run(waits));
    await nextOutput(process);
    await process.signal(15);
    assert.deepEqual((await resultOf(process)).exit, { signal: 15 });
    await process.signal(15);
  });

  await suite.test("what is closed has ended, with what it started", async () => {
    await using actor = await startIn(node, "closed");
    const parent = `
      const child = require("child_process").spawn("node", ["-e", "setInterval(() => {}, 1e6)"]);
      console.log(process.pid, child.pid); setInterval(() => {}, 1e6)
    `;
    const process = await actor.exec(run(parent));
    const pids = (await nextOutput(process)).trim().split(" ");
    await process.close();
    await process.close();
    // One that nobody reaps stays as a zombie.
    const alive = `
      const isAlive = (pid) => {
        try { return !/State:\\tZ/.test(require("fs").readFileSync("/proc/" + pid + "/status", "utf8")); }
        catch { return false; }
      };
      console.log(${JSON.stringify(pids)}.filter(isAlive).length);
    `;
    assert.equal((await resultOf(await actor.exec(run(alive)))).stdout, "0\n");
  });

  await suite.test("a terminal has a size, can be resized, and types ^C and ^D", async () => {
    await using actor = await startIn(node, "terminal");
    const program = `
      const size = () => process.stdout.columns + "x" + process.stdout.rows;
      console.log("tty", process.stdin.isTTY, process.env.TERM, size());
      process.stdout.on("resize", () => console.log("now", size()));
      process.on("SIGINT", () => console.log("interrupted"));
      process.stdin.on("data", (line) => console.log("got", line.length));
      process.stdin.on("end", () => process.exit(5));
    `;
    const process = await actor.exec(run(program, { terminal: { columns: 101, rows: 33 } }));
    assert.equal(process.stderr, undefined);
    await shown(process, /tty .*true.* xterm 101x33\r\n/);
    process.stdin.write("hello\n");
    await shown(process, /hello\r\n(.|\n)*got .*6/);
    await process.resize({ columns: 55, rows: 22 });
    await shown(process, /now 55x22/);
    process.stdin.write("\x03");
    await shown(process, /interrupted/);
    process.stdin.end();
    assert.deepEqual((await resultOf(process)).exit, { code: 5 });

    const killed = await actor.exec(run(waits, { terminal: { columns: 80, rows: 24 } }));
    await nextOutput(killed);
    await killed.close();
    assert.deepEqual(await killed.exited, { signal: 9 });
  });

  await suite.test("what is not there is told as such", async () => {
    await using actor = await startIn(node, "missing");
    const refused = (command: ExecCommand) =>
      assert.rejects(
        actor.exec(command),
        (error) => error instanceof ConnectError && error.code === Code.NotFound,
      );
    await refused({ ...run(""), command: ["no-such-program"] });
    await refused({ ...run(""), command: ["/bin/no-such-program"] });
    await refused(run("1", { cwd: "/no/such/directory" }));
  });

  await suite.test("a start that is given up leaves nothing", async () => {
    await using actor = await startIn(node, "given-up");
    const hangUp = new AbortController();
    const start = actor.worker.exec?.(run(waits), hangUp.signal);
    hangUp.abort(new Error("enough"));
    await assert.rejects(start ?? assert.fail(), /enough/);
    const count = `console.log(require("fs").readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length)`;
    assert.equal((await resultOf(await actor.exec(run(count)))).stdout, "2\n");
  });

  await suite.test("each container of a pod, also after a restore", async () => {
    const containers = {
      main: ["/bin/node", "/app/server.mjs"],
      side: ["/bin/node", "/app/server.mjs", "81"],
    };
    await using actor = await startIn(node, "pod", { isPod: true, containers });
    const check = async () => {
      await (await actor.exec(run(`require("fs").writeFileSync("/tmp/mark", "m")`))).exited;
      const marked = `process.exit(require("fs").existsSync("/tmp/mark") ? 1 : 2)`;
      assert.deepEqual((await resultOf(await actor.exec(run(marked)))).exit, { code: 1 });
      assert.deepEqual((await resultOf(await actor.exec(run(marked, { container: "side" })))).exit, {
        code: 2,
      });
      const killed = await actor.exec(run(waits, { container: "side" }));
      await nextOutput(killed);
      await killed.close();
      assert.deepEqual(await killed.exited, { signal: 9 });
    };
    await check();
    await actor.checkpoint(actor.actor, "full");
    await carrySnapshot(actor.actor, actor.actor);
    await actor.worker.restore(again(actor.actor), "full", never);
    await check();
  });
});

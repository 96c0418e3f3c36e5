// Back-pressure of one Exec call, with a process that is only its streams.
import assert from "node:assert/strict";
import { Readable, Writable } from "node:stream";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { extensions } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import type { ExecProcess, ProcessExit } from "../exec-process.ts";
import { serveExec } from "./exec-call.ts";

const request = (body: extensions.ExecRequest["request"]) =>
  create(extensions.ExecRequestSchema, { request: body });
const start = request({ case: "start", value: create(extensions.ExecStartSchema, { command: ["any"] }) });
const stdin = (text: string) => request({ case: "stdin", value: new TextEncoder().encode(text) });

const signal = (number: number) => request({ case: "signal", value: number });

function sessionOf(streams: Partial<ExecProcess>) {
  const exit = Promise.withResolvers<ProcessExit>();
  const signals: number[] = [];
  const session = {
    isClosed: false,
    signals,
    over: new AbortController(),
    exit: exit.resolve,
    process: {
      stdin: new Writable({ write: (_chunk, _encoding, done) => done() }),
      stdout: Readable.from([]),
      stderr: Readable.from([]),
      exited: exit.promise,
      resize: async () => undefined,
      signal: async (number: number) => void signals.push(number),
      close: async () => undefined,
      ...streams,
    },
  };
  return {
    session,
    open: async () => ({
      process: session.process,
      over: session.over.signal,
      async close() {
        session.isClosed = true;
      },
    }),
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}

const never = new AbortController().signal;

test("a process that writes without end is not read ahead of its caller", async () => {
  let pieces = 0;
  const stdout = new Readable({
    highWaterMark: 1024,
    read() {
      pieces += 1;
      this.push(Buffer.alloc(1024));
    },
  });
  const { session, open } = sessionOf({ stdout });
  async function* requests() {
    yield start;
    await new Promise(() => undefined);
  }
  const responses = serveExec(requests(), never, open);
  assert.equal((await responses.next()).value?.response.case, "stdout");
  const taken = pieces;
  await turns(20);
  assert.ok(pieces <= taken + 1, `${pieces} pieces were read`);
  await responses.next();
  assert.ok(pieces <= taken + 2);
  await responses.return(undefined);
  assert.ok(session.isClosed);
});

test("a signal passes the input that a process does not read", async () => {
  const deaf = new Writable({ highWaterMark: 8, write: () => undefined });
  const { session, open } = sessionOf({ stdin: deaf });
  const requests = Readable.from([start, stdin("more than eight bytes"), signal(2)]);
  const responses = serveExec(requests, never, open);
  const first = responses.next();
  await turns(20);
  assert.deepEqual(session.signals, [2]);
  session.exit({ signal: 2 });
  assert.deepEqual((await first).value?.response, { case: "exit", value: { code: 0, signal: 2 } });
});

test("a caller that writes without end is read no more than a mebibyte ahead of the process", async () => {
  const part = "x".repeat(256 * 1024);
  let asked = 0;
  const slow = new Writable({ highWaterMark: 8, write: () => undefined });
  const { session, open } = sessionOf({ stdin: slow });
  async function* requests() {
    yield start;
    for (;;) {
      asked += 1;
      yield stdin(part);
    }
  }
  const responses = serveExec(requests(), never, open);
  const first = responses.next();
  await turns(50);
  assert.equal(asked, 5);
  session.exit({ code: 3 });
  assert.deepEqual((await first).value?.response, { case: "exit", value: { code: 3, signal: 0 } });
});

test("neither output silences the other, and all of both comes before the exit", async () => {
  const many = (name: string) => Readable.from(Array.from({ length: 50 }, () => Buffer.from(name)));
  const { session, open } = sessionOf({ stdout: many("o"), stderr: many("e") });
  session.exit({ signal: 9 });
  const got = { stdout: "", stderr: "" };
  const order: string[] = [];
  for await (const { response } of serveExec(Readable.from([start]), never, open)) {
    order.push(String(response?.case));
    if (response?.case === "stdout" || response?.case === "stderr") {
      got[response.case] += Buffer.from(response.value as Uint8Array).toString();
    }
  }
  assert.deepEqual(got, { stdout: "o".repeat(50), stderr: "e".repeat(50) });
  assert.equal(order.indexOf("exit"), order.length - 1);
  assert.ok(order.indexOf("stderr") < order.lastIndexOf("stdout"));
});

test("what is no request ends the call, with the process", async () => {
  for (const [second, problem] of [
    [start, /after the start/],
    [request({ case: "signal", value: 65 }), /signal: 65 should be 1 to 64/],
    [request({ case: undefined }), /after the start/],
    [
      request({ case: "resize", value: create(extensions.TerminalSizeSchema, { columns: 9 }) }),
      /no terminal/,
    ],
  ] as const) {
    const { session, open } = sessionOf({});
    async function* requests() {
      yield start;
      yield second;
      await new Promise(() => undefined);
    }
    await assert.rejects(serveExec(requests(), never, open).next(), problem);
    assert.ok(session.isClosed);
  }
  const { open } = sessionOf({});
  await assert.rejects(serveExec(Readable.from([stdin("x")]), never, open).next(), /should be start/);
});

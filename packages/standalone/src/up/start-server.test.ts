import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { createConsole } from "../console.ts";
import { startServer } from "./start-server.ts";

test("a server that cannot start says so once, in its own words", async () => {
  const logFolder = await mkdtemp(join(tmpdir(), "start-server-"));
  const output = new PassThrough();
  const lastWord = JSON.stringify({
    level: "fatal",
    msg: "failed",
    err: { message: "another process already listens at 127.0.0.1:1", stack: "Error: …" },
  });
  const program = `process.stderr.write(${JSON.stringify(`${lastWord}\n`)}); process.exitCode = 1;`;
  try {
    const started = startServer(
      {
        name: "ateapi",
        logFolder,
        console: createConsole(output),
        command: () => [process.execPath, "-e", program],
        termTimeoutMs: 1000,
      },
      new AbortController().signal,
    );
    await assert.rejects(started, {
      message: "ateapi did not start: another process already listens at 127.0.0.1:1",
    });
    assert.equal(output.read(), null);
  } finally {
    await rm(logFolder, { recursive: true, force: true });
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallOptions } from "@connectrpc/connect";
import { createBackEndClient } from "./back-end-client.ts";
import { watchWorker } from "./watch-worker.ts";
import type { Worker } from "./worker.ts";

test("a back end that is gone ends neither the watch nor, by a rejection that nobody awaits, the process", async () => {
  const client = createBackEndClient("/nowhere/ateom.sock");
  const ending = new AbortController();
  let asked = 0;
  const getStatus = (_request: object, options?: CallOptions) => {
    if (++asked === 3) ending.abort();
    return client.extensions.getStatus({}, options);
  };
  const worker = {
    state: { kind: "executing", step: { kind: "running" } },
    client: { ...client, extensions: { ...client.extensions, getStatus } },
  } as unknown as Worker;
  await watchWorker(worker, ending.signal);
  assert.equal(asked, 3);
  client.close();
});

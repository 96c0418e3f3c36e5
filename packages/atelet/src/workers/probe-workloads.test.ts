import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { test } from "node:test";
import type { Assignment } from "../actors/assignment.ts";
import { createBackEndClient } from "./back-end-client.ts";
import type { RunningWorkload } from "./execution.ts";
import type { PoolDefinition } from "./pool-definition.ts";
import { probeWorkloads } from "./probe-workloads.ts";
import { type LostWorkload, Worker } from "./worker.ts";

const assignment: Assignment = {
  key: { namespace: "default", template: "counter", actorId: "one" },
  atespace: "",
  template: "counter",
  generation: 1n,
};

function running(port: number): RunningWorkload {
  const container = { name: "app", image: "", command: [], env: {}, mounts: [], readyz: { path: "/", port } };
  return { workload: { containers: [container], volumes: [] } } as unknown as RunningWorkload;
}

function createWorker(): Worker {
  const worker: Worker = new Worker({
    uid: "worker",
    pool: { name: "pool" } as PoolDefinition,
    link: { workerAddress: "127.0.0.1" } as Worker["link"],
    client: createBackEndClient("/nowhere"),
    endProcess: async () => worker.end("ended"),
    cleanUp: async () => undefined,
  });
  return worker;
}

/** Begins to run, beside a server whose place is the actor's way in. */
async function start(readyzPort: number) {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = new AbortController();
  const worker = createWorker();
  const { port } = server.address() as AddressInfo;
  probeWorkloads(worker, stop.signal, { port, intervalMs: 1, refusalsMax: 3 });
  const accepted = once(server, "connection");
  worker.open(undefined);
  worker.begin(assignment);
  worker.ask(assignment);
  worker.becomeRunning(assignment, running(readyzPort));
  return { server, worker, stop, accepted };
}

test("an actor that takes no connection any more is lost, and its worker ended", async () => {
  const { server, worker, stop, accepted } = await start(80);
  const lost = once(worker.events, "lost") as Promise<[LostWorkload]>;
  await accepted;
  server.close();
  const [{ reason }] = await lost;
  assert.match(reason, /takes no connection/);
  while (worker.state.kind !== "ending") await once(worker.events, "changed");
  stop.abort();
  assert.equal(worker.events.listenerCount("changed"), 0);
});

test("an actor that is ready elsewhere is let alone", async () => {
  const { server, stop } = await start(8080);
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  // A connection that was begun before this one would be counted before it is closed.
  await once(connect((server.address() as AddressInfo).port, "127.0.0.1"), "close");
  stop.abort();
  server.close();
  assert.equal(connections, 1);
});

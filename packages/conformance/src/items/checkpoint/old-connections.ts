import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { openConnection } from "../../world/connection.ts";
import { proveAvailable } from "../prove.ts";

export const oldConnections: Item = {
  id: "checkpoint/old-connections",
  title: "A connection to the last actor does not lead to the next.",
  rule: "checkpoint-blank",
  about:
    "Keeps a connection to an actor open over its checkpoint, runs another actor on the worker, and sends a request on the old connection. An answer would be another actor's.",
  mistakes:
    "Connection tracking that stays in the worker's namespace, or a proxy in the back end that dials anew.",
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const connection = await openConnection(worker.address);
    bench.defer(() => connection.close());
    await connection.exchange("GET /state HTTP/1.1\r\nHost: actor\r\n\r\n");
    await worker.checkpoint();
    await proveAvailable(bench, worker);
    const answer = await connection.exchange("GET /state HTTP/1.1\r\nHost: actor\r\n\r\n");
    expectEqual(answer.startsWith("HTTP/"), false, "whether the old connection was answered");
  },
};

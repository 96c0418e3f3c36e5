import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { rawCall } from "../../world/raw-call.ts";

const unimplemented = 12;

export const unknownService: Item = {
  id: "start/unknown-service",
  title: "A service that is not offered is answered with UNIMPLEMENTED.",
  rule: "process-unknown-service",
  about:
    "Calls a service that nobody has. Newer node supervisors ask for services that older back ends do not know, and must be told so at once.",
  mistakes: "A server that resets the stream, answers HTTP 404 without a gRPC status, or is silent.",
  async run(bench) {
    const { paths } = await bench.worker();
    const path = "/conformance.v1.Nobody/Call";
    const answer = await rawCall(paths.socket, { path, bytes: Buffer.alloc(0) });
    expectEqual(answer.status, unimplemented, `the gRPC status of a call of ${path} (${answer.message})`);
  },
};

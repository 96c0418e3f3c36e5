import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";

export const unreachable: Item = {
  id: "checkpoint/unreachable",
  title: "Nobody answers at the worker's address after a checkpoint.",
  rule: "checkpoint-blank",
  about:
    "Asks at port 80 of the worker once its actor is gone. A late request must not be answered from an old memory.",
  mistakes: "Returning from the call before the actor is gone.",
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    await worker.checkpoint();
    const answer = await httpRequest({ host: worker.address, path: "/state", timeoutMs: 1_000 }).catch(
      () => undefined,
    );
    expect(answer === undefined, `somebody answered at the worker's address: ${answer?.text}`);
  },
};

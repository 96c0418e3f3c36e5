import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const identity: Item = {
  id: "run/identity",
  title: "The actor finds its own id at /run/ate, and cannot change it.",
  rule: "actor-identity",
  about: "Reads `/run/ate/actor-id`, and tries to write there.",
  mistakes: "A copy in the image, a mount that can be written to, or a mount that is left out.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    expectEqual((await worker.probe.state()).actorId, actor.key.actorId, "/run/ate/actor-id");
    const written = await worker.probe.ask("POST /write", {
      query: { path: "/run/ate/actor-id" },
      body: "other",
    });
    expect(written.error, "the actor could write to /run/ate/actor-id");
  },
};

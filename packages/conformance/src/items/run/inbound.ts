import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const inbound: Item = {
  id: "run/inbound",
  title: "Port 80 of the worker's address leads to the actor, for everybody.",
  rule: "actor-inbound",
  about:
    "A machine outside of the node asks the actor at the worker's address, as routers on other nodes do.",
  mistakes: "A rule for the node's own packets only (the output hook), or a forward chain that drops.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const answer = await bench.outside.get(`http://${worker.address}/state`);
    expect(answer.includes(`"${actor.key.actorId}"`), `from outside, the actor answered ${answer}`);
  },
};

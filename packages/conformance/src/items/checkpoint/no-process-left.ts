import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { hasEnvEntry, processTree } from "../../world/processes.ts";

export const noProcessLeft: Item = {
  id: "checkpoint/no-process-left",
  title: "No process of the actor is left after its checkpoint.",
  rule: "checkpoint-blank",
  about:
    "The actor has started a child of its own. After the checkpoint the suite looks, below the back end, for processes with the actor's environment. It sees those of a sandbox with a kernel of its own only as a whole; leaks/cycles counts them.",
  mistakes: "Ending the first process of the container and none of its children.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.ownWorker();
    const actor = bench.actor();
    await worker.run(actor);
    await worker.probe.ask("POST /spawn");
    await worker.checkpoint();
    const left: string[] = [];
    for (const { pid, command } of await processTree(worker.process.rootPid)) {
      if (await hasEnvEntry(pid, `PROBE_ACTOR=${actor.key.actorId}`)) left.push(command);
    }
    expectEqual(left, [], "the processes of the actor after its checkpoint");
  },
};

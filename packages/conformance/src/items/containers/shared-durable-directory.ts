import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { sidePort, twoContainers } from "../two-containers.ts";

export const sharedDurableDirectory: Item = {
  id: "containers/shared-durable-directory",
  title: "A durable directory that two containers mount is one directory, also after a restore.",
  rule: "actor-several-containers",
  about: "Both containers count in the same file of the durable directory, before and after a checkpoint.",
  mistakes: "A copy for each container.",
  needs: ["several-containers"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = twoContainers(bench, { isDurable: true });
    await worker.run(actor);
    await worker.probe.count();
    expectEqual((await worker.probe.count({ port: sidePort })).durable, 2, "the count of both");
    await worker.restore(actor, await worker.checkpoint());
    await worker.probe.count();
    expectEqual(
      (await worker.probe.count({ port: sidePort })).durable,
      4,
      "the count of both after the restore",
    );
  },
};

import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { expectContinued } from "../prove.ts";
import { sidePort, twoContainers } from "../two-containers.ts";

export const ownState: Item = {
  id: "containers/own-state",
  title: "Each container has a root and a memory of its own, and both go on after a restore.",
  rule: "actor-several-containers",
  about:
    "Counts twice in one container and once in the other, restores elsewhere, and compares each with itself.",
  mistakes: "The state of one container in the place of all; files of both under one name in the snapshot.",
  needs: ["several-containers", "two-workers"],
  async run(bench) {
    const [one, two] = [await bench.worker(), await bench.worker()];
    const actor = twoContainers(bench);
    await one.run(actor);
    await one.probe.count();
    const app = await one.probe.count();
    const side = await one.probe.count({ port: sidePort });
    expectEqual([app.file, side.file], [2, 1], "the counts in the files of the two");
    await two.restore(actor, await one.checkpoint());
    expectContinued(await two.probe.state(), app, bench.scope);
    expectContinued(await two.probe.state({ port: sidePort }), side, bench.scope);
  },
};

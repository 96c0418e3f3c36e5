import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { outputRecord } from "../output-record.ts";
import { sidePort, twoContainers } from "../two-containers.ts";

export const outputLabel: Item = {
  id: "containers/output-label",
  title: "Output carries the name of the container that wrote it.",
  rule: "actor-output",
  about: "Each container writes a line; the suite looks at the label of each.",
  mistakes: "One channel for the sandbox, labelled with its first container.",
  needs: ["several-containers", "command"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = twoContainers(bench);
    await worker.run(actor);
    for (const [name, port] of [
      ["app", 80],
      ["side", sidePort],
    ] as const) {
      const word = `${name}-${actor.key.actorId}`;
      await worker.probe.ask("POST /print", { port, body: `${word}\n` });
      const { labels } = await outputRecord(worker, word);
      expectEqual(
        (labels as Record<string, string>)["ate.dev/container_name"],
        name,
        "the label of the container",
      );
    }
  },
};

import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { outputRecord } from "../output-record.ts";

export const outputLabels: Item = {
  id: "run/output-labels",
  title: "What the actor writes appears as JSON lines with its labels.",
  rule: "actor-output",
  about:
    "The probe writes a JSON line that claims another actor's id. The line has to appear on the back end's stdout with its own fields, and with the true labels.",
  mistakes: "Writing the actor's bytes through, or merging labels so that the actor's own win.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const word = `word-${actor.key.actorId}`;
    const line = { word, level: "warn", labels: { mine: "kept", "ate.dev/actor_id": "somebody-else" } };
    await worker.probe.ask("POST /print", { body: `${JSON.stringify(line)}\n` });
    const record = await outputRecord(worker, word);
    expectEqual(record.level, "warn", "a field of the line");
    const labels = (record.labels ?? {}) as Record<string, unknown>;
    const expected = {
      "ate.dev/actor_id": actor.key.actorId,
      "ate.dev/actor_template_name": actor.key.template,
      "ate.dev/actor_template_namespace": actor.key.namespace,
      "ate.dev/container_name": "app",
    };
    for (const [name, value] of Object.entries(expected))
      expectEqual(labels[name], value, `the label ${name}`);
    expect(record.time !== undefined, "the line has no time");
  },
};

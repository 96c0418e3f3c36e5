import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { outputRecord } from "../output-record.ts";

export const outputText: Item = {
  id: "run/output-text",
  title: "A line that is no JSON object becomes a message.",
  rule: "actor-output-text",
  about: "The probe writes plain text, a JSON array, what only resembles a JSON object, and text on stderr.",
  mistakes:
    "Only stdout captured; JSON that is no object written through; a reader of JSON that takes `NaN`, or stops at the last brace that it needs.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const mark = (name: string) => `${name}-${actor.key.actorId}`;
    const lines = [
      { to: "stdout", name: "plain", text: `some "text" ${mark("plain")}` },
      { to: "stdout", name: "array", text: JSON.stringify([mark("array")]) },
      { to: "stdout", name: "constant", text: `{"mark":"${mark("constant")}","value":NaN}` },
      { to: "stdout", name: "brace", text: `{"mark":"${mark("brace")}"}}` },
      { to: "stderr", name: "error", text: mark("error") },
    ];
    for (const { to, name, text } of lines) {
      await worker.probe.ask("POST /print", { query: { to }, body: `${text}\n` });
      const record = await outputRecord(worker, mark(name));
      expectEqual(record.message, text, "the message");
      expect(record.time !== undefined, "the line has no time");
    }
  },
};

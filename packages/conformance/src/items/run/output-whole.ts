import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { outputRecord } from "../output-record.ts";

const lineCount = 100;

export const outputWhole: Item = {
  id: "run/output-whole",
  title: "Lines of output never interleave, and none is lost.",
  rule: "actor-output-whole",
  about: `The probe writes ${lineCount} lines of 1000 characters to stdout and as many to stderr, at the same time.`,
  mistakes: "Two readers that write to one stdout in pieces, as they come.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const mark = (to: string, number: number) => `${to}-${number}-${actor.key.actorId}-`;
    const numbers = Array.from({ length: lineCount }, (_, number) => number);
    const textOf = (to: string) =>
      numbers.map((number) => `${mark(to, number).padEnd(1000, "x")}\n`).join("");
    const streams = ["stdout", "stderr"];
    await Promise.all(
      streams.map((to) => worker.probe.ask("POST /print", { query: { to }, body: textOf(to) })),
    );
    for (const to of streams) {
      await outputRecord(worker, mark(to, lineCount - 1));
      const lines =
        worker.process?.output.filter((line) => line.includes(`${to}-`) && line.includes("xxxx")) ?? [];
      expectEqual(lines.length, lineCount, `the number of lines of ${to} that appeared`);
      for (const line of lines) {
        const { message } = JSON.parse(line) as { message?: string };
        expect(message?.length === 1000, `a line of ${to} is not whole: ${line.slice(0, 300)}`);
      }
    }
  },
};

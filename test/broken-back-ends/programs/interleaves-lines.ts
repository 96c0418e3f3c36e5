// Writes lines in pieces, one reader beside the other: lines of stdout and stderr run into each other.
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { labelled, labelsOf } from "../plain/label-output.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class InterleavesLines extends PlainBackEnd {
  protected override async copyOutput(stream: Readable, workload: Workload): Promise<void> {
    for await (const line of createInterface(stream)) {
      const text = JSON.stringify(labelled(line, labelsOf(workload)));
      process.stdout.write(text.slice(0, 300));
      await delay(5);
      process.stdout.write(`${text.slice(300)}\n`);
    }
  }
}

await serve(InterleavesLines);

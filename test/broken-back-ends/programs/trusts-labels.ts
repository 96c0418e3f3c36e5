// Lets the labels of a line win over its own: an actor's output can pass for another's.

import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { labelled, labelsOf, parseRecord } from "../plain/label-output.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class TrustsLabels extends PlainBackEnd {
  protected override copyOutput(stream: Readable, workload: Workload): void {
    createInterface(stream).on("line", (line) => {
      const claimed = parseRecord(line).labels as Record<string, string> | undefined;
      console.log(JSON.stringify(labelled(line, { ...labelsOf(workload), ...claimed })));
    });
  }
}

await serve(TrustsLabels);

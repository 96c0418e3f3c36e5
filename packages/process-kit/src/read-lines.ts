import type { Readable } from "node:stream";

/** A longer line is handed over in pieces of this many characters. */
const lineLengthMax = 64 * 1024;

/** Calls `onLine` for each line of `stream`, without its newline; the last one may lack it. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let held = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (held + chunk).split("\n");
    held = lines.pop() ?? "";
    for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    for (; held.length >= lineLengthMax; held = held.slice(lineLengthMax)) {
      onLine(held.slice(0, lineLengthMax));
    }
  });
  stream.on("end", () => {
    if (held !== "") onLine(held);
  });
  // A pipe whose writer was killed; the exit is seen by whoever watches the process.
  stream.on("error", () => undefined);
}

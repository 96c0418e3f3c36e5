import type { Readable } from "node:stream";

/** A longer line is cut into pieces of this many characters. */
const lineLengthMax = 1024 * 1024;

/** Calls `onLine` for each line, without its newline; reading goes on only as fast as lines are taken. */
export async function readOutputLines(
  stream: Readable,
  onLine: (line: string) => Promise<void> | void,
): Promise<void> {
  let held = "";
  stream.setEncoding("utf8");
  try {
    for await (const chunk of stream) {
      const lines = (held + String(chunk)).split("\n");
      held = lines.pop() ?? "";
      for (const line of lines) if (line !== "") await onLine(line);
      for (; held.length >= lineLengthMax; held = held.slice(lineLengthMax))
        await onLine(held.slice(0, lineLengthMax));
    }
  } catch {
    // The pipe broke; the end of the process is seen by whoever watches it.
  }
  if (held !== "") await onLine(held);
}

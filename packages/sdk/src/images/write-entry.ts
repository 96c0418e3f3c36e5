import type { Pack } from "tar-stream";

/** Writes all of `source` into an entry of a tar archive, as fast as the archive is read. */
export async function writeEntry(
  entry: ReturnType<Pack["entry"]>,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of source) {
    if (!entry.write(chunk)) await drained(entry);
  }
  await new Promise<void>((resolve, reject) => {
    entry.once("error", reject);
    entry.once("close", () => resolve());
    entry.end(null);
  });
}

function drained(entry: ReturnType<Pack["entry"]>): Promise<void> {
  return new Promise((resolve, reject) => {
    const onDrain = () => settle(resolve);
    const onClose = () => settle(() => reject(new Error("the archive was closed before it was complete")));
    const settle = (act: () => void) => {
      entry.off("drain", onDrain).off("close", onClose);
      act();
    };
    entry.once("drain", onDrain).once("close", onClose);
  });
}

import { type Pack, pack } from "tar-stream";

/** A tar archive whose entries `addEntries` makes while it is read. */
export function archiveOf(addEntries: (archive: Pack) => Promise<void>): AsyncIterable<Uint8Array> {
  const archive = pack();
  addEntries(archive).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  // tar-stream's declarations leave out that its streams are iterable.
  return archive as unknown as AsyncIterable<Uint8Array>;
}

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Pack } from "tar-stream";
import { archiveOf } from "./archive.ts";
import type { ImageFile } from "./image-files.ts";
import { writeEntry } from "./write-entry.ts";

/**
 * The files as one uncompressed tar layer. Each call gives the same bytes as long as the copied
 * files stay as they are, so a layer is hashed in one pass and sent in another and never stored.
 */
export function packLayer(files: readonly ImageFile[]): AsyncIterable<Uint8Array> {
  return archiveOf((layer) => addAll(layer, files));
}

async function addAll(layer: Pack, files: readonly ImageFile[]): Promise<void> {
  for (const file of files) await add(layer, file);
}

async function add(layer: Pack, file: ImageFile): Promise<void> {
  const common = { name: file.path, mtime: new Date(0), uid: 0, gid: 0 };
  switch (file.kind) {
    case "directory":
      layer.entry({ ...common, name: `${file.path}/`, type: "directory", mode: file.mode });
      return;
    case "link":
      layer.entry({ ...common, type: "symlink", linkname: file.target, mode: 0o777 });
      return;
    case "text":
      layer.entry({ ...common, type: "file", mode: file.mode }, file.text);
      return;
    case "copy": {
      const { size } = await stat(file.source);
      const entry = layer.entry({ ...common, type: "file", mode: file.mode, size });
      await writeEntry(entry, createReadStream(file.source, { highWaterMark: 1024 * 1024 }));
    }
  }
}

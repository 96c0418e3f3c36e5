export { archiveOf } from "./archive.ts";
export type { ImageContents, ImageFile } from "./image-files.ts";
export { completeFiles } from "./image-files.ts";
export { packLayer } from "./layer.ts";
export type { AssembledImage } from "./oci-layout.ts";
export { assembleImage } from "./oci-layout.ts";
export { readFolder } from "./read-folder.ts";
export { writeEntry } from "./write-entry.ts";

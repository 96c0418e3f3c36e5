import type { Extract } from "tar-stream";

/** A member of an archive that is being read; its content must be read or dropped before the next one comes. */
export type TarEntry = Extract extends AsyncIterable<infer Entry> ? Entry : never;

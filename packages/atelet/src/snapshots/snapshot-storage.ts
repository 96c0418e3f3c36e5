import type { Readable } from "node:stream";
import { validateSnapshotUriPrefix } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { FileStorage } from "./file-storage.ts";

/** Where snapshots outlive their node. Objects are named below a location that one scheme serves. */
export interface SnapshotStorage {
  /** Stores or replaces an object; durable when it returns. */
  put(name: string, content: Readable, signal: AbortSignal): Promise<void>;
  /** Undefined where there is no such object. */
  get(name: string, signal: AbortSignal): Promise<Readable | undefined>;
  /** Names of all objects at the location. */
  list(signal: AbortSignal): Promise<string[]>;
  /** Idempotent. */
  delete(name: string, signal: AbortSignal): Promise<void>;
  /** After the last object is deleted: whatever else holds the location. Idempotent. */
  deleteLocation(signal: AbortSignal): Promise<void>;
}

/** The storage of a validated location, by its scheme. FAILED_PRECONDITION for one that is not served. */
export function openSnapshotStorage(uriPrefix: string): SnapshotStorage {
  const location = validateSnapshotUriPrefix("snapshot_uri_prefix", uriPrefix);
  const scheme = location.slice(0, location.indexOf(":"));
  if (scheme === "file") return new FileStorage(location.slice("file://".length));
  throw new ConnectError(
    `this node cannot store snapshots at ${scheme}://; it knows file://`,
    Code.FailedPrecondition,
  );
}

import type { Readable } from "node:stream";

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

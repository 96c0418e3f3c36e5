import { validateSnapshotUriPrefix } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { FileStorage } from "./file-storage.ts";
import type { SnapshotStorage } from "./snapshot-storage.ts";

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

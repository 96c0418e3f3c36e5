import type { Logger } from "@agent-substrate/process-kit";
import type { User } from "./access/drop-privileges.ts";
import type { NodeLease } from "./nodes/node-directory.ts";
import type { StaticNode } from "./nodes/static/static-node.ts";
import type { RouterLease } from "./routes/router-leases.ts";

/** What a control plane needs to be told; the rest has defaults. */
export interface AteapiOptions {
  /** Holds the token, and the store unless `storePath` says otherwise. */
  readonly dataDir: string;
  /** The public API; port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Absolute path of the socket for nodes, routers and whoever may open it (0600). */
  readonly controlSocket: string;
  /** SQLite file. Default `<dataDir>/substrate.db`. */
  readonly storePath?: string;
  /** URI prefix for the snapshots of templates that name none, such as `file:///var/lib/substrate/snapshots`. */
  readonly snapshotsLocation: string;
  /** May call the public API beside root. Default: the user that starts this. */
  readonly ownerUid?: number;
  /** Given up to this user, for good, once everything is open. Default: stays. */
  readonly dropTo?: User;
  /** Serves DebugClear. Default false. */
  readonly debugClear?: boolean;
  /** Resumes that may wait for a worker. Default 4096. */
  readonly queueLengthMax?: number;
  /** Default: heartbeat 1 s, lease 10 s, margin 2 s. */
  readonly nodeLease?: NodeLease;
  /** Default: heartbeat 0.5 s, lease 3 s, margin 0.25 s, patience for acknowledgements 5 s. */
  readonly routerLease?: RouterLease;
  /** Nodes that do not register. Default none. */
  readonly staticNodes?: readonly StaticNode[];
  readonly log?: Logger;
}

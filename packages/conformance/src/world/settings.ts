import type { SnapshotScope } from "./scope.ts";

/** What a run of the suite works with; fully present. */
export interface Settings {
  /** A folder of the run's own; holds the base path. */
  readonly folder: string;
  readonly backEnd:
    | { readonly kind: "command"; readonly command: readonly string[] }
    /** Already running. `workerAddress` is where its actor's port 80 is reached. */
    | {
        readonly kind: "socket";
        readonly basePath: string;
        readonly uid: string;
        readonly workerAddress: string;
      };
  readonly env: Readonly<Record<string, string>>;
  /** Asset name -> absolute path on this machine. */
  readonly assets: Readonly<Record<string, string>>;
  /** What a back end without Describe can do. */
  readonly scopes: readonly SnapshotScope[];
  readonly severalContainers: boolean;
  /** The base path is bound at the historical one, in a mount namespace of the back end's own. */
  readonly isFixedBasePath: boolean;
  /** 1..16. Default 1. */
  readonly workersPerProcess: number;
  /** Prefixes of item ids; empty: all. */
  readonly items: readonly string[];
  /** Of `leaks/`; 1..100 000. Default 200. */
  readonly cycles: number;
  /** Of the back end, during each call that `crash/` is about; 1..1000. Default 20. */
  readonly kills: number;
  /** Whether snapshots stay after the items that took them. Default false. */
  readonly keep?: boolean;
  /** Of everything random. */
  readonly seed: number;
}

/** A worker of the node: what calls name it, and where its actor's port 80 is reached from here. */
export interface NodeWorkerAddress {
  readonly uid: string;
  readonly address: string;
}

/** What a run against a node supervisor works with; fully present. */
export interface NodeSettings {
  /** `host:port` or `unix:/path` of AteomHerder; plain gRPC. */
  readonly address: string;
  /** Blank ones, that nobody else uses during the run. One; two for what is restored elsewhere. */
  readonly workers: readonly NodeWorkerAddress[];
  /**
   * Pinned, and within the node's reach. Its program listens on port 80, answers `GET /readyz` with 200, and
   * counts at `POST /`: `{"memory":1,"file":1}`, each one more every time.
   */
  readonly image: string;
  /** "" for the single-container layout. */
  readonly pauseImage: string;
  readonly sandboxClass: string;
  /** `amd64` or `arm64`. */
  readonly architecture: string;
  /** Asset name -> file, of that architecture. */
  readonly assets: Readonly<Record<string, { readonly url: string; readonly sha256: string }>>;
  /** A folder that the node, too, reaches at this path; snapshots go there as `file://`. */
  readonly snapshots: string;
  /** Prefixes of item ids; empty: all. */
  readonly items: readonly string[];
}

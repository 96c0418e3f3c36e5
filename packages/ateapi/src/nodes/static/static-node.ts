/** A worker that a file lists: all that its node would have told of it. */
export interface StaticWorker {
  /** DNS label, unique over all nodes; `target_ateom_uid` of the calls about it. */
  readonly uid: string;
  readonly poolNamespace: string;
  readonly poolName: string;
  /** For people; unique in the pool's namespace. */
  readonly name: string;
  readonly sandboxClass: string;
  /** IPv4 address at which routers reach its actor. */
  readonly address: string;
}

/** A node whose supervisor does not register: it may know no more than the three calls of AteomHerder. */
export interface StaticNode {
  /** DNS subdomain. */
  readonly name: string;
  /** `host:port`; gRPC without TLS. */
  readonly address: string;
  readonly architecture: "amd64" | "arm64";
  readonly workers: readonly StaticWorker[];
}

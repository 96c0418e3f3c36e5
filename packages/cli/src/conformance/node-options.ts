import { InvalidArgumentError, Option } from "commander";

/** What `conformance --node` takes beside `--asset`, `--config`, `--item`, `--list`, `--json` and `--junit`. */
export interface NodeFlags {
  readonly node?: string;
  /** Uid -> address. */
  readonly worker?: Readonly<Record<string, string>>;
  readonly image?: string;
  readonly pauseImage?: string;
  readonly class?: string;
  readonly snapshots?: string;
}

export const nodeOption = new Option(
  "--node <host:port>",
  "prove a node supervisor instead, by its AteomHerder (host:port or unix:/path)",
);
export const workerOption = new Option(
  "--worker <uid=ip>",
  "with --node: a blank worker, and where port 80 of it is reached; twice for all items",
).argParser(addWorker);
export const imageOption = new Option(
  "--image <reference>",
  "with --node: a pinned image whose program counts at POST /, such as demos/counter",
);
export const pauseImageOption = new Option(
  "--pause-image <reference>",
  "with --node: where a class needs one",
);
export const classOption = new Option(
  "--class <name>",
  "with --node: sandbox class, where no --config tells it",
);
export const snapshotsOption = new Option(
  "--snapshots <folder>",
  "with --node: a folder that the node reaches at the same path",
);

function addWorker(text: string, before: Readonly<Record<string, string>> | undefined) {
  const [, uid, address] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  if (uid === undefined || address === undefined) {
    throw new InvalidArgumentError("--worker should be UID=ADDRESS.");
  }
  return { ...before, [uid]: address };
}

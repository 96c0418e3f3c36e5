// The snapshots of this node. Local first: a snapshot is durable here before anything else is done
// with it, and its copy outside only adds a place where it lies (L5).
import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { syncDirectory, writeFileDurably } from "../durable-write.ts";
import type { NodePaths } from "../node-paths.ts";
import type { Trash } from "../trash.ts";
import { Turns } from "../turns.ts";
import { DiskRoom } from "./disk-room.ts";
import { deleteExternal, fetchExternal, storeExternally } from "./external-snapshot.ts";
import { readFreeBytes } from "./free-space.ts";
import { filesDirectory, readManifest, sealDraft, verifyCopy } from "./local-copy.ts";
import { type SnapshotFile, type SnapshotManifest, validateSnapshotFiles } from "./snapshot-manifest.ts";

/** A snapshot that lies on this node. */
export interface LocalSnapshot {
  readonly prefix: string;
  readonly manifest: SnapshotManifest;
  /** Where else it lies. */
  readonly uriPrefix?: string;
}

const externalFileName = "external.json";
/** Of one snapshot for one use: a copy may be dropped between its arrival and its use. */
const fetchesMax = 3;

export class SnapshotStore {
  readonly #paths: NodePaths;
  readonly #trash: Trash;
  readonly #snapshots: Map<string, LocalSnapshot>;
  /** Why, by prefix. They stay: a newer program wrote them, or the disk had a bad moment. */
  readonly #unreadable: Map<string, string>;
  readonly #transfers = new Turns("snapshot transfers", { runningMax: 4, waitingMax: 1024 });
  readonly #running = new Map<string, Promise<unknown>>();
  /** How many places are being filled from a copy. */
  readonly #uses = new Map<string, number>();
  readonly #room: DiskRoom;

  private constructor(
    paths: NodePaths,
    trash: Trash,
    snapshots: Map<string, LocalSnapshot>,
    unreadable: Map<string, string>,
    readFree: typeof readFreeBytes,
  ) {
    this.#room = new DiskRoom({
      readFreeBytes: () => readFree(paths.snapshots),
      dropSpare: () => this.#dropSpare(),
    });
    this.#paths = paths;
    this.#trash = trash;
    this.#snapshots = snapshots;
    this.#unreadable = unreadable;
  }

  /** Reads what is there; drafts that an earlier process did not finish are removed, and nothing else. */
  static async open(paths: NodePaths, trash: Trash, readFree = readFreeBytes): Promise<SnapshotStore> {
    const snapshots = new Map<string, LocalSnapshot>();
    const unreadable = new Map<string, string>();
    for (const name of await readdir(paths.snapshots)) {
      const directory = join(paths.snapshots, name);
      try {
        const snapshot = name.startsWith(".") ? undefined : await readSnapshot(directory, name);
        if (snapshot) snapshots.set(name, snapshot);
        else await trash.take(directory);
      } catch (error) {
        unreadable.set(name, (error as Error).message);
      }
    }
    return new SnapshotStore(paths, trash, snapshots, unreadable, readFree);
  }

  /** Prefixes, sorted. */
  list(): string[] {
    return [...this.#snapshots.keys()].sort();
  }

  /** Snapshots that lie here and cannot be used, with the reason. They can be deleted. */
  listUnreadable(): [prefix: string, reason: string][] {
    return [...this.#unreadable];
  }

  get waitingTransfers(): number {
    return this.#transfers.waiting;
  }

  /** DATA_LOSS for one that lies here and cannot be read. */
  find(prefix: string): LocalSnapshot | undefined {
    const reason = this.#unreadable.get(prefix);
    if (reason === undefined) return this.#snapshots.get(prefix);
    throw new ConnectError(`the snapshot ${prefix} on this node cannot be read: ${reason}`, Code.DataLoss);
  }

  /**
   * Room on the disk for so many bytes, until it is disposed. Made by dropping local copies of what lies
   * outside too and is not in use, the ones that were unused for longest first. FAILED_PRECONDITION where
   * that does not suffice.
   */
  makeRoom(bytes: number): Promise<Disposable> {
    return this.#room.reserve(bytes);
  }

  /**
   * Takes the reported files out of a checkpoint directory and makes them the snapshot `prefix`.
   * `describe` gets their sizes and digests and answers the manifest.
   */
  async commit(
    prefix: string,
    checkpointDirectory: string,
    names: readonly string[],
    describe: (files: readonly SnapshotFile[]) => SnapshotManifest,
  ): Promise<LocalSnapshot> {
    if (this.#snapshots.has(prefix)) {
      throw new ConnectError(`this node has a snapshot ${prefix} already`, Code.FailedPrecondition);
    }
    validateSnapshotFiles("snapshot_files", names);
    return this.#keep(prefix, undefined, async (draft) => {
      await rename(checkpointDirectory, filesDirectory(draft));
      return sealDraft(draft, names, describe);
    });
  }

  /**
   * Puts the snapshot's files where a back end reads them; they are shared and read-only. A copy that was
   * dropped since it was found is fetched again.
   */
  async place(snapshot: LocalSnapshot, restoreDirectory: string): Promise<void> {
    const { prefix, manifest } = await this.#present(snapshot);
    using _use = this.#use(prefix);
    const directory = this.#paths.snapshot(prefix);
    await verifyCopy(directory, prefix, manifest);
    await mkdir(restoreDirectory, { recursive: true, mode: 0o700 });
    for (const name of manifest.snapshotFiles) {
      await link(join(filesDirectory(directory), name), join(restoreDirectory, name));
    }
  }

  /** Copies a local snapshot outside, its manifest last. Idempotent. */
  upload(prefix: string, uriPrefix: string): Promise<void> {
    return this.#once(`upload ${prefix} ${uriPrefix}`, async () => {
      const snapshot = this.#snapshots.get(prefix);
      if (!snapshot) throw new ConnectError(`this node has no snapshot ${prefix}`, Code.NotFound);
      if (snapshot.uriPrefix === uriPrefix) return;
      const directory = this.#paths.snapshot(prefix);
      await storeExternally(uriPrefix, filesDirectory(directory), snapshot.manifest);
      // Deleted meanwhile: the copy outside is the caller's to delete.
      if (!this.#snapshots.has(prefix)) return;
      await writeFileDurably(join(directory, externalFileName), JSON.stringify({ uriPrefix }));
      this.#snapshots.set(prefix, { ...snapshot, uriPrefix });
    });
  }

  /** The local copy of an external snapshot, fetched where there is none. */
  provide(uriPrefix: string): Promise<LocalSnapshot> {
    const known = localNames(uriPrefix).map((name) => this.#snapshots.get(name));
    const copy = known.find((snapshot) => snapshot?.uriPrefix === uriPrefix);
    if (copy) return Promise.resolve(copy);
    return this.#once(`fetch ${uriPrefix}`, () => this.#fetch(uriPrefix));
  }

  /** Removes a snapshot here and, where asked, outside. Idempotent. */
  async delete(prefix: string, uriPrefix: string | undefined): Promise<void> {
    if (prefix !== "") {
      this.#snapshots.delete(prefix);
      this.#unreadable.delete(prefix);
      await this.#trash.take(this.#paths.snapshot(prefix));
    }
    if (uriPrefix !== undefined) await deleteExternal(uriPrefix);
  }

  async #present(snapshot: LocalSnapshot): Promise<LocalSnapshot> {
    let present = snapshot;
    for (let fetches = 0; present.uriPrefix !== undefined && fetches < fetchesMax; fetches++) {
      if (this.#snapshots.has(present.prefix)) break;
      present = await this.provide(present.uriPrefix);
    }
    return present;
  }

  /** Keeps a copy from being dropped. Moved to the end: the first is the one that was unused for longest. */
  #use(prefix: string): Disposable {
    const snapshot = this.#snapshots.get(prefix);
    if (snapshot) {
      this.#snapshots.delete(prefix);
      this.#snapshots.set(prefix, snapshot);
    }
    this.#uses.set(prefix, (this.#uses.get(prefix) ?? 0) + 1);
    return {
      [Symbol.dispose]: () => {
        const others = (this.#uses.get(prefix) ?? 1) - 1;
        if (others > 0) this.#uses.set(prefix, others);
        else this.#uses.delete(prefix);
      },
    };
  }

  async #dropSpare(): Promise<boolean> {
    const spare = [...this.#snapshots.values()].find(
      ({ prefix, uriPrefix }) => uriPrefix !== undefined && !this.#uses.has(prefix),
    );
    if (!spare) return false;
    await this.delete(spare.prefix, undefined);
    await this.#trash.drain();
    return true;
  }

  #fetch(uriPrefix: string): Promise<LocalSnapshot> {
    return this.#keep(this.#localName(uriPrefix), uriPrefix, async (draft) => {
      const manifest = await fetchExternal(uriPrefix, filesDirectory(draft), (bytes) => this.makeRoom(bytes));
      await writeFileDurably(join(draft, externalFileName), JSON.stringify({ uriPrefix }));
      return sealDraft(draft, manifest.snapshotFiles, (files) => ({ ...manifest, files }));
    });
  }

  /** Fills a draft directory and gives it its name. */
  async #keep(
    prefix: string,
    uriPrefix: string | undefined,
    fill: (draft: string) => Promise<SnapshotManifest>,
  ): Promise<LocalSnapshot> {
    const draft = join(this.#paths.snapshots, `.${randomUUID()}`);
    await mkdir(draft, { mode: 0o700 });
    try {
      const manifest = await fill(draft);
      await rename(draft, this.#paths.snapshot(prefix));
      await syncDirectory(this.#paths.snapshots);
      const snapshot: LocalSnapshot = { prefix, manifest, ...(uriPrefix !== undefined && { uriPrefix }) };
      this.#snapshots.set(prefix, snapshot);
      return snapshot;
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  }

  #localName(uriPrefix: string): string {
    const [own, other] = localNames(uriPrefix);
    const isTaken = this.#snapshots.has(own) || this.#unreadable.has(own) || own.startsWith(".");
    return isTaken ? other : own;
  }

  /** Joins the same transfer when it runs already. */
  #once<T>(key: string, task: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running) return running as Promise<T>;
    const started = this.#transfers.take(task).finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }
}

async function readSnapshot(directory: string, prefix: string): Promise<LocalSnapshot | undefined> {
  const manifest = await readManifest(directory, prefix);
  if (!manifest) return undefined;
  // Without it the copy is one that lies here only, which is the safe mistake.
  const external = await readFile(join(directory, externalFileName), "utf8").catch(() => undefined);
  const { uriPrefix } = external === undefined ? {} : (JSON.parse(external) as { uriPrefix?: string });
  return { prefix, manifest, ...(uriPrefix !== undefined && { uriPrefix }) };
}

/**
 * The names that a copy of a stored snapshot may have on this node: the last part of its location, which
 * is its own name where this project stored it, and one made of the whole where that is taken.
 */
function localNames(uriPrefix: string): [own: string, other: string] {
  return [basename(uriPrefix), `ext-${createHash("sha256").update(uriPrefix).digest("hex").slice(0, 26)}`];
}

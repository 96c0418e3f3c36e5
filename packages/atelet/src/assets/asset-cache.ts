// The binaries that sandboxes run on, by digest. What lies at a cached path was verified before it got
// there, so that a path is all the proof that a call needs.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { Code, ConnectError } from "@connectrpc/connect";
import { syncDirectory } from "../durable-write.ts";
import type { NodePaths } from "../node-paths.ts";
import { Turns } from "../turns.ts";
import type { AssetFile } from "./sandbox-assets.ts";

/** Bytes that one asset may have. */
export const assetBytesMax = 1024 ** 3;
const fetchTimeoutMs = 10 * 60_000;

export class AssetCache {
  readonly #paths: NodePaths;
  /** Digests whose file was seen in this life of the process. */
  readonly #present = new Set<string>();
  readonly #fetching = new Map<string, Promise<string>>();
  readonly #turns = new Turns("asset downloads", { runningMax: 4, waitingMax: 64 });

  constructor(paths: NodePaths) {
    this.#paths = paths;
  }

  /** Absolute path of each file by asset name; fetches what is missing. */
  async provide(files: Readonly<Record<string, AssetFile>>): Promise<Record<string, string>> {
    const provided = await Promise.all(
      Object.entries(files).map(async ([name, file]) => [name, await this.#provideOne(name, file)] as const),
    );
    return Object.fromEntries(provided);
  }

  async #provideOne(name: string, file: AssetFile): Promise<string> {
    const path = this.#paths.contract.cachedAsset(file.sha256);
    if (this.#present.has(file.sha256)) return path;
    let fetching = this.#fetching.get(file.sha256);
    if (!fetching) {
      fetching = this.#turns
        .take(() => this.#fetch(name, file, path))
        .finally(() => this.#fetching.delete(file.sha256));
      this.#fetching.set(file.sha256, fetching);
    }
    return fetching;
  }

  async #fetch(name: string, file: AssetFile, path: string): Promise<string> {
    const existing = await stat(path).catch(() => undefined);
    if (!existing?.isFile()) await downloadVerified(name, file, path, this.#paths.assets);
    this.#present.add(file.sha256);
    return path;
  }
}

async function downloadVerified(
  name: string,
  file: AssetFile,
  path: string,
  directory: string,
): Promise<void> {
  const draft = join(directory, `.${randomUUID()}`);
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > assetBytesMax ? failed(name, `has more than ${assetBytesMax} bytes`) : null, chunk);
    },
  });
  try {
    const signal = AbortSignal.timeout(fetchTimeoutMs);
    const source = await openAsset(name, file.url, signal);
    await pipeline(source, measure, createWriteStream(draft, { flags: "wx", mode: 0o600 }), { signal });
    const found = hash.digest("hex");
    if (found !== file.sha256) throw failed(name, `has the sha256 ${found}, but ${file.sha256} is asked for`);
    await chmod(draft, 0o755);
    const handle = await open(draft, "r");
    await handle.sync().finally(() => handle.close());
    await rename(draft, path);
    await syncDirectory(directory);
  } catch (error) {
    await rm(draft, { force: true });
    if (error instanceof ConnectError) throw error;
    throw failed(name, `could not be fetched: ${(error as Error).message}`, error);
  }
}

async function openAsset(name: string, url: string, signal: AbortSignal): Promise<Readable> {
  if (url.startsWith("file:")) return createReadStream(fileURLToPath(url));
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body)
    throw failed(name, `could not be fetched: HTTP status ${response.status}`);
  if (!response.url.startsWith("https:")) throw failed(name, "was redirected away from https");
  return Readable.fromWeb(response.body);
}

function failed(name: string, problem: string, cause?: unknown): ConnectError {
  return new ConnectError(
    `the sandbox asset ${JSON.stringify(name)} ${problem}`,
    Code.FailedPrecondition,
    undefined,
    undefined,
    cause,
  );
}

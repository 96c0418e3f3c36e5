import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { WorkerLog } from "../back-end.ts";
import type { CompletedOperation } from "./completed-operation.ts";

/** What a worker remembers beyond its process. */
export interface WorkerRecord {
  readonly operations: readonly CompletedOperation[];
  /** Actor -> newest generation seen. */
  readonly generations: readonly (readonly [string, bigint])[];
}

const formatVersion = 1;

/** Empty where there is none, or none that can be read (which is logged). */
export async function readRecord(path: string, log: WorkerLog): Promise<WorkerRecord> {
  try {
    const record = JSON.parse(await readFile(path, "utf8"));
    if (record.version !== formatVersion) throw new Error(`version ${record.version} is not known`);
    return {
      operations: record.operations,
      generations: record.generations.map(([actor, generation]: [string, string]) => [
        actor,
        BigInt(generation),
      ]),
    };
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== "ENOENT") {
      log.warn({ path, error: String(failure) }, "record-unreadable");
    }
    return { operations: [], generations: [] };
  }
}

/** Keeps a worker's record on disk. */
export interface RecordWriter {
  /** Writes what the record is by then; callers that come during a write share the one after it. */
  save(): Promise<void>;
}

/** Never two writes at once. A failed write is logged: what was done is not undone by a full disk. */
export function createRecordWriter(path: string, current: () => WorkerRecord, log: WorkerLog): RecordWriter {
  let writing = Promise.resolve();
  let next: Promise<void> | undefined;
  return {
    save() {
      next ??= writing.then(() => {
        next = undefined;
        writing = writeRecord(path, current()).catch((failure) => {
          log.error({ path, error: String(failure) }, "record-not-written");
        });
        return writing;
      });
      return next;
    },
  };
}

/** Replaces the record; it is durable when this returns, and never half written. */
async function writeRecord(path: string, record: WorkerRecord): Promise<void> {
  const text = JSON.stringify({
    version: formatVersion,
    operations: record.operations,
    generations: record.generations.map(([actor, generation]) => [actor, String(generation)]),
  });
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

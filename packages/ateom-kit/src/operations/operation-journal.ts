// Each operation id is performed once (L6), and no call of an older assignment is (L13).
//
// The results of checkpoints and snapshots are durable before they are answered: after a checkpoint the
// workload is gone, and a lost reply must not be a lost snapshot. A started workload ends with its process, so that a start
// recorded by an earlier process is not replayed but performed anew; it needs no fsync on the way of
// a wake.
import { PhaseClock } from "@agent-substrate/contract";
import { toConnectError } from "@agent-substrate/rpc-kit";
import type { WorkerLog } from "../back-end.ts";
import { setNewest } from "./bounded-map.ts";
import {
  type CompletedOperation,
  checkSubject,
  leavesFiles,
  type OperationSubject,
  replay,
} from "./completed-operation.ts";
import { NothingDone } from "./nothing-done.ts";
import { createRecordWriter, readRecord } from "./record-file.ts";

/** Results that are kept; the oldest go first. */
const operationsMax = 128;
/** Actors whose newest generation is kept; those longest not seen go first. */
const generationsMax = 1024;

type Result = readonly string[];

/** What the journal has to know of a call. */
export interface JournaledCall {
  readonly subject: Omit<OperationSubject, "id">;
  /** Absent: performed without a record. */
  readonly operationId: string | undefined;
  /** Absent: not compared. */
  readonly generation: bigint | undefined;
  /** Counts the time that a durable record takes. */
  readonly phases?: PhaseClock;
}

/** One a worker. */
export interface OperationJournal {
  /**
   * Performs the action, joins the running operation of the same id, or answers its recorded result.
   * FAILED_PRECONDITION for an older generation, INVALID_ARGUMENT for an id used for something else.
   */
  perform(call: JournaledCall, action: () => Promise<Result>): Promise<Result>;
  /** The last operation that ended, with or without an id. */
  readonly last: CompletedOperation | undefined;
  /** Makes durable what is not yet. */
  flush(): Promise<void>;
}

/** Goes on from the record at `path`, if there is one. */
export async function openJournal(path: string, log: WorkerLog): Promise<OperationJournal> {
  const earlier = await readRecord(path, log);
  const completed = new Map(
    earlier.operations.filter(leavesFiles).map((operation) => [operation.id, operation]),
  );
  const generations = new Map(earlier.generations);
  const running = new Map<string, { subject: OperationSubject; result: Promise<Result> }>();
  let last: CompletedOperation | undefined;
  const writer = createRecordWriter(
    path,
    () => ({ operations: [...completed.values()], generations: [...generations] }),
    log,
  );

  const admit = (actor: string, generation: bigint | undefined) => {
    if (generation === undefined) return;
    const newest = generations.get(actor);
    if (newest !== undefined && generation < newest) {
      throw new NothingDone(`generation ${generation} of ${actor} is over; generation ${newest} was seen`);
    }
    setNewest(generations, actor, generation, generationsMax);
    if (newest !== generation) void writer.save();
  };

  const complete = async (operation: CompletedOperation, phases = new PhaseClock()) => {
    last = operation;
    if (operation.id === "") return;
    setNewest(completed, operation.id, operation, operationsMax);
    if (leavesFiles(operation)) await phases.measure("record", () => writer.save());
  };

  const performAndRecord = async (
    subject: OperationSubject,
    action: () => Promise<Result>,
    phases: PhaseClock | undefined,
  ): Promise<Result> => {
    let files: Result;
    try {
      files = await action();
    } catch (failure) {
      if (failure instanceof NothingDone) throw failure;
      const error = toConnectError(failure);
      await complete(
        { ...subject, files: [], error: { code: error.code, message: error.rawMessage } },
        phases,
      );
      throw failure;
    }
    await complete({ ...subject, files }, phases);
    return files;
  };

  return {
    get last() {
      return last;
    },
    flush: () => writer.save(),
    async perform({ subject, operationId: id, generation, phases }, action) {
      admit(subject.actor, generation);
      if (id === undefined) return performAndRecord({ ...subject, id: "" }, action, phases);
      const asked = { ...subject, id };
      const joined = running.get(id);
      if (joined) {
        checkSubject(joined.subject, asked);
        return joined.result;
      }
      const known = completed.get(id);
      if (known) {
        checkSubject(known, asked);
        return replay(known);
      }
      const result = performAndRecord(asked, action, phases).finally(() => running.delete(id));
      running.set(id, { subject: asked, result });
      return result;
    },
  };
}

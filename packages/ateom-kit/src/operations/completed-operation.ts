import { Code, ConnectError } from "@connectrpc/connect";

/** What a call asks of a worker. */
export type OperationKind = "run" | "restore" | "checkpoint" | "snapshot" | "terminate";

/** What an operation was about; the same id must come with the same subject. */
export interface OperationSubject {
  readonly id: string;
  readonly kind: OperationKind;
  /** `<namespace>:<template>:<actor id>`. */
  readonly actor: string;
}

/** An operation and its recorded result. */
export interface CompletedOperation extends OperationSubject {
  /** Names of the files of a checkpoint or snapshot. */
  readonly files: readonly string[];
  readonly error?: { readonly code: Code; readonly message: string };
}

/** Whether the result is files, which are there whatever became of the workload. */
export function leavesFiles({ kind }: OperationSubject): boolean {
  return kind === "checkpoint" || kind === "snapshot";
}

/** Answers as the operation did. */
export function replay(operation: CompletedOperation): readonly string[] {
  if (operation.error) throw new ConnectError(operation.error.message, operation.error.code);
  return operation.files;
}

/** Refuses an id that was used for something else. */
export function checkSubject(known: OperationSubject, asked: OperationSubject): void {
  if (known.kind === asked.kind && known.actor === asked.actor) return;
  throw new ConnectError(
    `operation id ${asked.id} was used to ${known.kind} ${known.actor}; it cannot ${asked.kind} ${asked.actor}`,
    Code.InvalidArgument,
  );
}

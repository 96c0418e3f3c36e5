import { extensions } from "@agent-substrate/contract";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";

export type ExecStart = Omit<MessageInitShape<typeof extensions.ExecStartSchema>, "$typeName">;
type ExecInput = NonNullable<MessageInitShape<typeof extensions.ExecRequestSchema>["request"]>;

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Absent where the stream ended without it. */
  readonly exit?: { readonly code: number; readonly signal: number };
}

export interface ExecSession {
  send(input: ExecInput): void;
  /** Resolves when stdout holds `text`; rejects when the stream ends before. */
  until(text: string): Promise<void>;
  /** All that came, once the stream has ended. */
  readonly ended: Promise<ExecResult>;
}

/** A call of Exec whose requests stay open, as a terminal's would, until the process has ended. */
export function openExec(
  client: Client<typeof extensions.AteomExtensions>,
  start: ExecStart,
  signal: AbortSignal,
): ExecSession {
  const queue: ExecInput[] = [{ case: "start", value: start }];
  let isOver = false;
  let wake = () => {};
  const requests = async function* () {
    while (!isOver) {
      const request = queue.shift();
      if (request) yield create(extensions.ExecRequestSchema, { request });
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const got = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  const read = async (): Promise<ExecResult> => {
    let exit: ExecResult["exit"];
    try {
      for await (const { response } of client.exec(requests(), { signal })) {
        if (response.case === "exit") exit = { code: response.value.code, signal: response.value.signal };
        else if (response.case) got[response.case] += Buffer.from(response.value).toString();
        for (const watcher of watchers) watcher();
      }
    } finally {
      isOver = true;
      wake();
    }
    return { ...got, ...(exit && { exit }) };
  };
  const ended = read();
  ended.catch(() => undefined);
  return {
    ended,
    send(input) {
      queue.push(input);
      wake();
    },
    async until(text) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (got.stdout.includes(text)) resolve();
      };
      watchers.add(look);
      look();
      const early = ended.then(({ stdout, stderr }) => {
        throw new Error(`the process ended before it wrote ${JSON.stringify(text)}: ${stdout}${stderr}`);
      });
      await Promise.race([promise, early]).finally(() => watchers.delete(look));
    },
  };
}

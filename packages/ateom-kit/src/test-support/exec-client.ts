import { extensions } from "@agent-substrate/contract";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";

export type ExecInput = Omit<MessageInitShape<typeof extensions.ExecStartSchema>, "$typeName">;
type RequestBody = NonNullable<MessageInitShape<typeof extensions.ExecRequestSchema>["request"]>;

/** A call of Exec whose requests stay open, as a terminal's would. */
export function openExec(
  client: Client<typeof extensions.AteomExtensions>,
  start: ExecInput,
  headers?: Record<string, string>,
) {
  const waiting: extensions.ExecRequest[] = [];
  let wake = () => {};
  const hangUp = new AbortController();
  const over = new Promise<void>((resolve) => hangUp.signal.addEventListener("abort", () => resolve()));
  async function* requests() {
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else if (hangUp.signal.aborted) return;
      else await Promise.race([over, new Promise<void>((resolve) => (wake = resolve))]);
    }
  }
  const send = (request: RequestBody) => {
    waiting.push(create(extensions.ExecRequestSchema, { request }));
    wake();
  };
  send({ case: "start", value: start });
  const options = { signal: hangUp.signal, ...(headers && { headers }) };
  const responses = client.exec(requests(), options)[Symbol.asyncIterator]();
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  return {
    send,
    cancel: () => hangUp.abort(),
    /** The text of the next output. */
    async next(): Promise<string> {
      const { value } = await responses.next();
      const response = (value as extensions.ExecResponse).response;
      return response.case === "stdout" || response.case === "stderr" ? text(response.value) : "";
    },
    /** All that comes from now on. */
    async all() {
      const got: { stdout: string; stderr: string; exit?: { code: number; signal: number } } = {
        stdout: "",
        stderr: "",
      };
      for (;;) {
        const { done, value } = await responses.next();
        if (done) break;
        const { response } = value;
        if (response.case === "exit") {
          got.exit = { code: response.value.code, signal: response.value.signal };
        } else if (response.case) got[response.case] += text(response.value);
      }
      hangUp.abort();
      return got;
    },
  };
}

// One Exec call: what the caller sends goes to the process, what the process writes to the caller, each
// no faster than the other side takes it. The process ends with the call.
import { type extensions, InvalidInput } from "@agent-substrate/contract";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ExecProcess } from "../exec-process.ts";
import { callAuthor } from "./author-call.ts";
import { readExecOutput } from "./exec-output.ts";
import { parseSignal, parseSize } from "./exec-request.ts";
import type { ExecSession } from "./exec-sessions.ts";

/** A caller that says nothing of what it wants to run is not waited for longer. */
const firstRequestMs = 10_000;
const controlTimeoutMs = 10_000;
/** Input that a process has not taken yet; past it the caller is not read, nor are its signals. */
const inputWaitingBytesMax = 1024 * 1024;

type Requests = AsyncIterator<extensions.ExecRequest>;
type Response = MessageInitShape<typeof extensions.ExecResponseSchema>;

/** Serves the call; `open` starts the process. `signal` aborts when the caller has gone. */
export async function* serveExec(
  requests: AsyncIterable<extensions.ExecRequest>,
  signal: AbortSignal,
  open: (start: extensions.ExecStart) => Promise<ExecSession>,
): AsyncGenerator<Response> {
  const input = requests[Symbol.asyncIterator]();
  const session = await open(await readStart(input));
  const refused = new AbortController();
  const over = AbortSignal.any([signal, session.over, refused.signal]);
  try {
    feed(input, session.process, over).catch((failure) => refused.abort(failure));
    for await (const output of readExecOutput(session.process, over)) yield { response: output };
    const { code = 0, signal: endedBy = 0 } = await session.process.exited;
    over.throwIfAborted();
    yield { response: { case: "exit", value: { code, signal: endedBy } } };
  } finally {
    await session.close();
  }
}

async function readStart(input: Requests): Promise<extensions.ExecStart> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const text = `no request came within ${firstRequestMs / 1000} s`;
    late.reject(new ConnectError(text, Code.DeadlineExceeded));
  }, firstRequestMs);
  const first = await Promise.race([input.next(), late.promise]).finally(() => clearTimeout(timer));
  const start = first.done ? undefined : first.value.request;
  if (start?.case !== "start") throw new InvalidInput("request", "the first should be start");
  return start.value;
}

/** Returns at the end of the requests, which is that of stdin too. Throws what was wrong with one. */
async function feed(input: Requests, process: ExecProcess, over: AbortSignal): Promise<void> {
  // A process may close its stdin, or end, while somebody still writes.
  process.stdin.on("error", () => undefined);
  /** Written in order; a process that does not read must not keep a signal from it. */
  let written = Promise.resolve();
  let waitingBytes = 0;
  const writeLater = (bytes: Uint8Array) => {
    waitingBytes += bytes.length;
    written = written.then(async () => {
      await write(process, bytes, over);
      waitingBytes -= bytes.length;
    });
  };
  for (;;) {
    const { done, value } = await input.next();
    if (done || over.aborted) break;
    const { request } = value;
    switch (request.case) {
      case "stdin":
        writeLater(request.value);
        if (waitingBytes > inputWaitingBytesMax) await written;
        break;
      case "closeStdin":
        if (request.value) written = written.then(() => void process.stdin.end());
        break;
      case "resize": {
        if (process.stderr) throw new InvalidInput("resize", "the process has no terminal");
        const size = parseSize("resize", request.value);
        await callAuthor("resize", controlTimeoutMs, over, () => process.resize(size));
        break;
      }
      case "signal": {
        const number = parseSignal(request.value);
        await callAuthor("signal", controlTimeoutMs, over, () => process.signal(number));
        break;
      }
      default:
        throw new InvalidInput("request", "should be stdin, close_stdin, resize or signal after the start");
    }
  }
  await written;
  process.stdin.end();
}

/** Waits until the process takes more; what comes after the end of its stdin is dropped. */
async function write({ stdin }: ExecProcess, bytes: Uint8Array, over: AbortSignal): Promise<void> {
  if (!stdin.writable || stdin.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      stdin.off("drain", go).off("close", go);
      over.removeEventListener("abort", go);
      resolve();
    };
    stdin.on("drain", go).on("close", go);
    over.addEventListener("abort", go, { once: true });
  });
}

import type { Readable } from "node:stream";
import type { ExecProcess } from "../exec-process.ts";

/** After the process has ended: how long something that it left in the background is listened to. */
const quietMs = 500;

/** A piece of a process's output. */
export interface ExecOutput {
  readonly case: "stdout" | "stderr";
  readonly value: Uint8Array<ArrayBuffer>;
}

/**
 * What a process writes, until it has ended and nothing more comes. Reads only what is asked for.
 * Throws `over`'s reason when that aborts.
 */
export async function* readExecOutput(process: ExecProcess, over: AbortSignal): AsyncGenerator<ExecOutput> {
  let wake = () => {};
  const stir = () => wake();
  const sources = [listen("stdout", process.stdout, stir)];
  if (process.stderr) sources.push(listen("stderr", process.stderr, stir));
  let hasExited = false;
  const exited = () => {
    hasExited = true;
    stir();
  };
  process.exited.then(exited, exited);
  over.addEventListener("abort", stir, { once: true });
  try {
    for (let turn = 0; ; turn += 1) {
      over.throwIfAborted();
      // In turns, so that one that never pauses does not silence the other.
      const [first, second] = turn % 2 ? sources.toReversed() : sources;
      const output = first?.read() ?? second?.read();
      if (output) {
        yield output;
        continue;
      }
      if (hasExited && sources.every((source) => source.hasEnded)) return;
      const stirred = new Promise<true>((resolve) => {
        wake = () => resolve(true);
      });
      if (!(await (hasExited ? within(quietMs, stirred) : stirred))) return;
    }
  } finally {
    over.removeEventListener("abort", stir);
    for (const source of sources) source.release();
  }
}

async function within(limitMs: number, happened: Promise<true>): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), limitMs);
  try {
    return await Promise.race([happened, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function listen(name: ExecOutput["case"], stream: Readable, stir: () => void) {
  let hasEnded = stream.destroyed || stream.readableEnded;
  const end = () => {
    hasEnded = true;
    stir();
  };
  stream.on("readable", stir).on("end", end).on("close", end).on("error", end);
  return {
    get hasEnded() {
      return hasEnded;
    },
    read(): ExecOutput | undefined {
      const chunk: Buffer | null = stream.read();
      return chunk === null ? undefined : { case: name, value: new Uint8Array(chunk) };
    },
    release() {
      stream.off("readable", stir).off("end", end).off("close", end);
    },
  };
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { outsideNetns } from "./node-network.ts";

const program = fileURLToPath(new URL("./outside-program.mjs", import.meta.url));

/** TCP: says `from <address>` and echoes; at `outsideAddress` and at the metadata address. */
export const outsidePort = 7000;

export interface Outside extends Disposable {
  /** What a GET from there is answered with. */
  get(url: string): Promise<string>;
}

/** Starts what answers on the machine outside; resolves when it listens. */
export async function startOutside(): Promise<Outside> {
  const child = fork(program, {
    execPath: "nsenter",
    execArgv: [`--net=/run/netns/${outsideNetns}`, process.execPath],
  });
  await once(child, "message");
  let asked = 0;
  return {
    get: (url) => ask(child, asked++, url),
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

async function ask(child: ChildProcess, id: number, url: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const take = (message: unknown) => {
    const { id: answered, answer } = message as { id: number; answer: string };
    if (answered === id) resolve(answer);
  };
  child.on("message", take);
  child.send({ id, url });
  return promise.finally(() => child.off("message", take));
}

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { peerCalls } from "./peer-program.ts";

const program = fileURLToPath(new URL("./peer-program.ts", import.meta.url));

export type Peer = typeof peerCalls & AsyncDisposable;

/** Starts a peer in a named network namespace. */
export function startPeer(namespace: string): Peer {
  const child = fork(program, {
    execPath: "nsenter",
    execArgv: [`--net=/run/netns/${namespace}`, process.execPath],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let nextId = 0;
  child.on("message", ({ id, result, error }: { id: number; result?: unknown; error?: string }) => {
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(error));
    waiting.delete(id);
  });
  const exited = once(child, "exit");
  const call =
    (name: string) =>
    (...args: unknown[]) => {
      const answer = Promise.withResolvers<unknown>();
      const id = nextId++;
      waiting.set(id, answer);
      child.send({ id, name, args });
      return answer.promise;
    };
  const dispose = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  return new Proxy({} as Peer, {
    get: (_target, name) =>
      name === Symbol.asyncDispose
        ? dispose
        : typeof name === "string" && name !== "then"
          ? call(name)
          : undefined,
  });
}

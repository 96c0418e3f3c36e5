import http from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { actorAddress } from "./actor-network.ts";
import type { Program } from "./program.ts";
import type { Readyz } from "./workload.ts";

const totalMs = 30_000;
const tryMs = 250;
const pauseMs = 10;

/** Asks `isReady` until it says so. Throws where the program ends before, or after 30 s. */
export async function untilReady(isReady: () => Promise<boolean>, program: Program): Promise<void> {
  const deadline = performance.now() + totalMs;
  while (!(await isReady())) {
    if (program.hasEnded) throw new ConnectError("the program ended before it was ready", Code.Internal);
    if (performance.now() > deadline) {
      throw new ConnectError("the program did not become ready within 30 s", Code.DeadlineExceeded);
    }
    // The actor tells nobody when it is ready.
    await delay(pauseMs);
  }
}

/** Whether the program answers 200. */
export async function isReadyNow(readyz: Readyz | undefined): Promise<boolean> {
  return !readyz || (await readyStatus(readyz)) === 200;
}

/** What the program answers at once; undefined where that is nothing. */
export function readyStatus({ path, port }: Readyz): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = { host: `${actorAddress}:${port}` };
    const request = http.get({ host: actorAddress, port, path, headers, agent: false });
    request.on("response", ({ statusCode }) => {
      resolve(statusCode);
      request.destroy();
    });
    const timer = setTimeout(() => request.destroy(), tryMs);
    request.on("error", () => resolve(undefined));
    request.on("close", () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}

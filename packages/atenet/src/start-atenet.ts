// The router as one piece of a process: listens, gives up root, keeps its link, stops.
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createLogger } from "@agent-substrate/process-kit";
import { createRouter } from "./create-router.ts";
import { type AtenetOptions, resolveAtenetOptions } from "./options.ts";
import { createStatusServer } from "./status-server.ts";
import { stopListener } from "./stop-listener.ts";

/** A router that serves. */
export interface Running extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Absent if none was asked for. */
  readonly statusPort?: number;
  /** Accepts nothing more, lets what is in flight end (bounded), then cuts. Idempotent. */
  stop(): Promise<void>;
}

/** Starts a router. It serves at once; requests wait until the control plane is there. */
export async function startAtenet(given: AtenetOptions): Promise<Running> {
  const options = resolveAtenetOptions(given);
  const log = options.log ?? createLogger("atenet");
  const router = createRouter(options, log);
  await using started = new AsyncDisposableStack();
  started.defer(() => router.stop());
  await listen(router.listener, options.listen);
  const port = portOf(router.listener);
  const status = options.statusListen && createStatusServer(router.metrics);
  if (status && options.statusListen) {
    started.defer(() => stopListener(status, undefined, 0));
    await listen(status, options.statusListen);
  }
  if (options.dropTo) dropPrivileges(options.dropTo);
  router.run();
  const all = started.move();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= all.disposeAsync();
    return stopped;
  };
  return {
    host: options.listen.host,
    port,
    ...(status && { statusPort: portOf(status) }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  server.listen(address.port, address.host);
  await once(server, "listening");
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function dropPrivileges({ uid, gid }: { uid: number; gid: number }): void {
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

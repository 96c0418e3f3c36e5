import { Code, ConnectError } from "@connectrpc/connect";
import type { SandboxBackEnd, SandboxWorker } from "../back-end.ts";

/** What a worker offers beside the base contract. */
export interface WorkerCapabilities {
  readonly snapshot: boolean;
  readonly freeze: boolean;
  readonly stats: boolean;
  readonly exec: boolean;
}

/** A worker offers what it has functions for. Throws where it could freeze and not thaw, or the reverse. */
export function readCapabilities(sandbox: SandboxWorker): WorkerCapabilities {
  if (!sandbox.freeze !== !sandbox.thaw) {
    const [there, lacking] = sandbox.freeze ? ["freeze", "thaw"] : ["thaw", "freeze"];
    throw new Error(`the back end's worker has "${there}" and no "${lacking}"; implement both or none`);
  }
  return {
    snapshot: sandbox.snapshot !== undefined,
    freeze: sandbox.freeze !== undefined,
    stats: sandbox.stats !== undefined,
    exec: sandbox.exec !== undefined,
  };
}

/** UNIMPLEMENTED for what is not offered: nothing undeclared is ever attempted. */
export function requireCapability(
  name: keyof WorkerCapabilities,
  offered: WorkerCapabilities,
  { sandboxClass }: SandboxBackEnd,
): void {
  if (offered[name]) return;
  throw new ConnectError(`the back end ${sandboxClass} does not declare ${name}`, Code.Unimplemented);
}

import type { SandboxBackEnd } from "./back-end.ts";

/** Settings of the process; what is absent is read from argv and the environment. */
export interface BackEndOptions {
  readonly podUids?: readonly string[];
  readonly basePath?: string;
}

/** Serves a back end's workers until SIGTERM. What a back end's `main.ts` calls. */
export function serveBackEnd(_backEnd: SandboxBackEnd, _options: BackEndOptions = {}): Promise<void> {
  throw new Error("not built yet");
}

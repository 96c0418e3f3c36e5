import type { SandboxBackEnd } from "./back-end.ts";
import { type BackEndOptions, resolveBackEndOptions } from "./back-end-options.ts";
import { createJsonLog } from "./json-log.ts";
import { startBackEnd } from "./start-back-end.ts";

/**
 * What a back end's `main.ts` calls: serves its workers until SIGTERM, SIGINT or, where asked for, the
 * end of stdin, and ends the process. A second signal ends it at once.
 */
export async function serveBackEnd(backEnd: SandboxBackEnd, options: BackEndOptions = {}): Promise<void> {
  const log = createJsonLog({ name: "ateom", sandboxClass: backEnd.sandboxClass }, false);
  try {
    const resolved = resolveBackEndOptions(options, process.argv.slice(2), process.env);
    const asked = waitForStop(resolved.endsWithStdin);
    const running = await startBackEnd(backEnd, resolved);
    log.info({ reason: await asked }, "stopping");
    await running.stop();
    process.exit(0);
  } catch (failure) {
    log.error({ error: failure instanceof Error ? failure.message : String(failure) }, "back-end-failed");
    process.exit(1);
  }
}

function waitForStop(endsWithStdin: boolean): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      resolve(signal);
      process.once(signal, () => process.exit(1));
    });
  }
  if (endsWithStdin) {
    process.stdin.once("close", () => resolve("stdin ended"));
    process.stdin.resume();
  }
  return promise;
}

import type { WorkerLog } from "./back-end.ts";

/** JSON lines on stderr; stdout is the actors'. `debug` lines are written only where it is asked for. */
export function createJsonLog(fields: object, isDebug: boolean): WorkerLog {
  const write = (level: string) => (more: object, message: string) => {
    process.stderr.write(
      `${JSON.stringify({ level, time: new Date().toISOString(), ...fields, ...more, msg: message })}\n`,
    );
  };
  return {
    debug: isDebug ? write("debug") : () => undefined,
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}

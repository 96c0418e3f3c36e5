import { destination, type Logger as PinoLogger, pino } from "pino";

/** Takes fields first and a short message second: `log.info({ actor }, "resumed")`. */
export type Logger = PinoLogger;

/** One JSON object a line on stderr. `level`: trace, debug, info (default), warn, error, fatal or silent. */
export function createLogger(name: string, level = "info"): Logger {
  return pino(
    {
      name,
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    // Synchronous, so that a process that dies has said why.
    destination({ dest: 2, sync: true }),
  );
}

export { type AnnouncedFacts, announceReady } from "./announce-ready.ts";
export { type Backoff, createBackoff } from "./backoff.ts";
export { type Child, ChildError, type ChildExit, type ChildOptions, startChild } from "./child.ts";
export { createLogger, type Logger } from "./logger.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { OptionError, type OptionSpec, type OptionValues, resolveOptions } from "./options.ts";
export { parseOption } from "./parse-option.ts";
export { raceAbort } from "./race-abort.ts";
export { guardParent, runUntilSignal } from "./run-until-signal.ts";
export {
  type SupervisedChild,
  type SuperviseEvent,
  type SuperviseOptions,
  superviseChild,
} from "./supervise-child.ts";

import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

/** A file is renamed to `<name>.1`, and a new one begun, when it passes this. */
const sizeBytesMax = 16 * 1024 * 1024;

/** A server's log on disk: at most two files of 16 MiB. */
export interface ServerLog {
  /** A line that the disk does not take, or that comes after the close, is dropped. */
  write(line: string): void;
  /** Idempotent. */
  close(): void;
}

export function openServerLog(path: string): ServerLog {
  let file: number | undefined = openSync(path, "a", 0o640);
  let sizeBytes = fstatSync(file).size;
  const rotate = () => {
    renameSync(path, `${path}.1`);
    const full = file;
    file = openSync(path, "a", 0o640);
    sizeBytes = 0;
    if (full !== undefined) closeSync(full);
  };
  return {
    write(line) {
      if (file === undefined) return;
      try {
        if (sizeBytes > sizeBytesMax) rotate();
        sizeBytes += writeSync(file, `${line}\n`);
      } catch {
        // A full disk must not end the machine that could make room on it.
      }
    },
    close() {
      if (file === undefined) return;
      closeSync(file);
      file = undefined;
    },
  };
}

/** What of a log line a person should see at once: warnings are for the file, errors and foreign lines are not. */
export function urgentPart(line: string): string | undefined {
  const fields = parseFields(line);
  if (!fields) return line;
  if (fields.level !== "error" && fields.level !== "fatal") return undefined;
  // The last word of a server says no more than that it failed.
  const message = fields.level === "fatal" && fields.err ? undefined : fields.msg;
  return [message, fields.err?.message].filter(Boolean).join(": ");
}

interface LogFields {
  readonly level?: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
}

function parseFields(line: string): LogFields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

import type { WriteStream } from "node:tty";

/** What a person at a terminal, or a log, is told. */
export interface Console {
  say(line: string): void;
  /** The last line of a terminal, replaced each time; elsewhere it is not shown. */
  showStatus(text: string): void;
  /** Takes the status line away for good. */
  endStatus(): void;
}

const clearLine = "\r\u001b[K";

export function createConsole(output: WriteStream | NodeJS.WritableStream = process.stdout): Console {
  const columns = "isTTY" in output && output.isTTY ? () => output.columns : undefined;
  let status = "";
  const draw = () => {
    if (columns && status !== "") output.write(`${clearLine}${status.slice(0, columns() - 1)}`);
  };
  return {
    say(line) {
      output.write(status !== "" && columns ? `${clearLine}${line}\n` : `${line}\n`);
      draw();
    },
    showStatus(text) {
      if (!columns || text === status) return;
      status = text;
      draw();
    },
    endStatus() {
      if (columns && status !== "") output.write(clearLine);
      status = "";
    },
  };
}

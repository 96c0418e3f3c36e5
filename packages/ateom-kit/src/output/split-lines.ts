/** A longer line is given out in parts of at most this size. */
export const lineBytesMax = 64 * 1024;

const lineEnd = 10;
const carriageReturn = 13;

/** Takes bytes and gives out lines as they become whole. */
export interface LineSplitter {
  /** Bytes as they came. */
  push(chunk: Buffer): void;
  /** Gives out an unfinished line. */
  flush(): void;
}

/** Cuts a stream of bytes into lines without their line ends; holds `lineBytesMax` at most. */
export function splitLines(onLine: (line: string) => void): LineSplitter {
  let held: Buffer[] = [];
  let heldBytes = 0;

  const take = (): Buffer => {
    const line = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return line;
  };
  const hold = (bytes: Buffer) => {
    if (bytes.length === 0) return;
    held.push(bytes);
    heldBytes += bytes.length;
  };
  const holdBounded = (bytes: Buffer) => {
    let rest = bytes;
    while (heldBytes + rest.length > lineBytesMax) {
      const space = lineBytesMax - heldBytes;
      hold(rest.subarray(0, space));
      rest = rest.subarray(space);
      const full = take();
      const end = wholeCharactersEnd(full);
      onLine(full.toString("utf8", 0, end));
      hold(full.subarray(end));
    }
    hold(rest);
  };

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, start)) {
        holdBounded(chunk.subarray(start, end));
        onLine(withoutReturn(take()).toString("utf8"));
        start = end + 1;
      }
      holdBounded(chunk.subarray(start));
    },
    flush() {
      if (heldBytes > 0) onLine(take().toString("utf8"));
    },
  };
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}

/** Where a UTF-8 character that the end of the bytes cuts begins; the length where none is cut. */
function wholeCharactersEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

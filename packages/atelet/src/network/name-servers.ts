import { readFile } from "node:fs/promises";
import { isIP } from "node:net";

const serversMax = 3;
const rereadAfterMs = 5_000;

/** The name servers of a resolv.conf, at most three. */
export function parseNameServers(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
    .filter((address) => isIP(address) !== 0)
    .slice(0, serversMax);
}

/** This machine's name servers, read again when a question comes and they are older than 5 s. */
export class NameServers {
  readonly #path: string;
  readonly #now: () => number;
  #servers: readonly string[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(path: string, now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
  }

  /** Empty where the file is missing or names none. */
  async current(): Promise<readonly string[]> {
    if (this.#now() - this.#readAt >= rereadAfterMs) {
      this.#servers = parseNameServers(await readFile(this.#path, "utf8").catch(() => ""));
      this.#readAt = this.#now();
    }
    return this.#servers;
  }
}

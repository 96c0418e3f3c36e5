/** Parsers for the values that options usually have. */
export const parseOption = {
  text: (text: string): string => text,
  flag(text: string): boolean {
    if (["1", "true", "yes"].includes(text)) return true;
    if (["0", "false", "no"].includes(text)) return false;
    throw new Error(`${JSON.stringify(text)} should be true or false`);
  },
  /** A whole number between the two bounds, both included. */
  integer: (min: number, max: number) => (text: string) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max) {
      throw new Error(`${JSON.stringify(text)} should be a whole number between ${min} and ${max}`);
    }
    return value;
  },
  /** `host:port`; an IPv6 host stands in brackets, port 0 takes any free one. */
  hostPort(text: string): { host: string; port: number } {
    const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:/[\]]+)):(\d{1,5})$/.exec(text);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    if (!host || port > 65535) throw new Error(`${JSON.stringify(text)} should be host:port`);
    return { host, port };
  },
  absolutePath(text: string): string {
    if (!text.startsWith("/")) throw new Error(`${JSON.stringify(text)} should be an absolute path`);
    return text;
  },
} as const;

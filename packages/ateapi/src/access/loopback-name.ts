import { isIPv4 } from "node:net";

/** `127.0.0.1`, `[::1]` or `localhost`, with or without a port: no name that a page can point here. */
export function isLoopbackHost(host: string | undefined): boolean {
  const name = host === undefined ? undefined : hostName(host);
  if (name === undefined) return false;
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

/** The name of a Host header without its port; undefined where it is malformed. */
export function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/** Where the control plane serves when nothing else is said. */
export const defaultEndpoint = "127.0.0.1:7070";
/** Where the router serves when nothing else is said. */
export const defaultRouter = "127.0.0.1:7080";

export interface EndpointOptions {
  /** `host:port`, `http(s)://host:port` or `unix:/path`. Default: `SUBSTRATE_ENDPOINT`, else `127.0.0.1:7070`. */
  readonly endpoint?: string;
  /** Default: `SUBSTRATE_TOKEN`. Not needed by root or the owner on the same machine. */
  readonly token?: string;
}

/** Where to call and what to show there. */
export interface Endpoint {
  readonly endpoint: string;
  readonly token?: string;
}

/** Options before environment before default. */
export function resolveEndpoint(
  options: EndpointOptions,
  env: Readonly<Record<string, string | undefined>>,
): Endpoint {
  const endpoint = options.endpoint || env.SUBSTRATE_ENDPOINT || defaultEndpoint;
  const token = options.token || env.SUBSTRATE_TOKEN;
  return token ? { endpoint, token } : { endpoint };
}

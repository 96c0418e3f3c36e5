import { ateapi, images, logs, resources, watch } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { type Client, createClient } from "@connectrpc/connect";
import { type EndpointOptions, resolveEndpoint } from "./endpoint.ts";

/**
 * The control plane's services. Each call takes `{ signal, timeoutMs, headers }` as its second argument
 * and fails with a `ConnectError`.
 */
export interface SubstrateClient {
  /** Where it calls. */
  readonly endpoint: string;
  readonly control: Client<typeof ateapi.Control>;
  readonly resources: Client<typeof resources.Resources>;
  readonly watch: Client<typeof watch.Watch>;
  readonly images: Client<typeof images.Images>;
  readonly logs: Client<typeof logs.Logs>;
  /** Ends the connection and every call on it. */
  close(): void;
  [Symbol.dispose](): void;
}

/** A client of one control plane. It dials when first used. Throws for an address that is none. */
export function createSubstrateClient(options: EndpointOptions = {}): SubstrateClient {
  const { endpoint, token } = resolveEndpoint(options, process.env);
  const transport = rpcTransport(endpoint, token ? { headers: { authorization: `Bearer ${token}` } } : {});
  const close = () => transport.close();
  return {
    endpoint,
    control: createClient(ateapi.Control, transport),
    resources: createClient(resources.Resources, transport),
    watch: createClient(watch.Watch, transport),
    images: createClient(images.Images, transport),
    logs: createClient(logs.Logs, transport),
    close,
    [Symbol.dispose]: close,
  };
}

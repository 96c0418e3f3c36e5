// One worker's back end, over gRPC: what every back end of the contract understands, and what it
// offers beside.
import { ateom, extensions } from "@agent-substrate/contract";
import { type RpcTransport, rpcTransport } from "@agent-substrate/rpc-kit";
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";

/** What a back end says of itself. */
export interface BackEndDescription {
  readonly sandboxClass: string;
  readonly bootId: string;
  readonly hardwareKey: string;
  readonly canTerminate: boolean;
  readonly canWatch: boolean;
}

const describeTimeoutMs = 5_000;

export interface BackEndClient {
  readonly ateom: Client<typeof ateom.Ateom>;
  readonly extensions: Client<typeof extensions.AteomExtensions>;
  /** Undefined for a back end that knows the base contract alone. Throws where nobody answers. */
  describe(): Promise<BackEndDescription | undefined>;
  close(): void;
}

/** Dials when first used. */
export function createBackEndClient(socketPath: string): BackEndClient {
  const transport: RpcTransport = rpcTransport(`unix:${socketPath}`, { protocol: "grpc" });
  const client = createClient(extensions.AteomExtensions, transport);
  return {
    ateom: createClient(ateom.Ateom, transport),
    extensions: client,
    async describe() {
      try {
        const said = await client.describe({}, { timeoutMs: describeTimeoutMs });
        return {
          sandboxClass: said.sandboxClass,
          bootId: said.bootId,
          hardwareKey: said.hardwareKey,
          canTerminate: said.capabilities?.terminate ?? false,
          canWatch: said.capabilities?.watch ?? false,
        };
      } catch (error) {
        if (ConnectError.from(error).code === Code.Unimplemented) return undefined;
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

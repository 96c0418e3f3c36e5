// Which protocol a node supervisor is called by. Ours answers Connect, which costs half of gRPC; every
// other one is sure to know gRPC alone. The health service, which ours has in any case, tells them apart.
import { health } from "@agent-substrate/contract";
import { isNobodyThere, type RpcTransport, rpcTransport } from "@agent-substrate/rpc-kit";
import { createClient, type Transport } from "@connectrpc/connect";

const askTimeoutMs = 5_000;

/** A transport that asks before its first call which protocol the peer knows; while nobody is there, anew. */
export function nodeTransport(address: string): RpcTransport {
  const connect = rpcTransport(address);
  const grpc = rpcTransport(address, { protocol: "grpc" });
  let known: Promise<Transport> | undefined;
  const choose = (): Promise<Transport> => {
    known ??= answersConnect(connect)
      .then((does) => (does ? connect : grpc))
      .catch((error) => {
        known = undefined;
        throw error;
      });
    return known;
  };
  return {
    unary: async (...call) => (await choose()).unary(...call),
    stream: async (...call) => (await choose()).stream(...call),
    close() {
      connect.close();
      grpc.close();
    },
  };
}

/** Rejects with UNAVAILABLE where nobody is there. */
async function answersConnect(connect: Transport): Promise<boolean> {
  try {
    await createClient(health.Health, connect).check({}, { timeoutMs: askTimeoutMs });
    return true;
  } catch (error) {
    // A peer that merely breaks the stream may be one that does not know the protocol.
    if (isNobodyThere(error)) throw error;
    return false;
  }
}

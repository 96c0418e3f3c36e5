import { createSubstrateClient } from "@agent-substrate/sdk";
import { ConnectError } from "@connectrpc/connect";

using client = createSubstrateClient({ endpoint: "unix:/nonexistent/substrate.sock" });
try {
  await client.control.listAtespaces({}, { timeoutMs: 10_000 });
} catch (error) {
  if (!(error instanceof ConnectError)) throw error;
  console.log(error.message);
}

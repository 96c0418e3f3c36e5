// A back end of which only the outside is real, asked by a client of its own.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SandboxBackEnd, type SandboxWorker, startBackEnd } from "@agent-substrate/ateom-kit";
import { contractPaths, extensions } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { createClient } from "@connectrpc/connect";

const worker: SandboxWorker = {
  run: async () => {},
  checkpoint: async () => ["state"],
  restore: async () => {},
  terminate: async () => {},
  close: async () => {},
};
const backEnd: SandboxBackEnd = {
  sandboxClass: "tiny",
  requiredAssets: [],
  capabilities: { scopes: ["data"], severalContainers: false },
  openWorker: async () => worker,
};

const basePath = await mkdtemp(join(tmpdir(), "tiny-"));
const uid = randomUUID();
const running = await startBackEnd(backEnd, {
  podUids: [uid],
  basePath,
  network: "loopback",
  endsWithStdin: false,
  isDebug: false,
});
const transport = rpcTransport(`unix:${contractPaths(basePath).ateom(uid).socket}`, { protocol: "grpc" });
const described = await createClient(extensions.AteomExtensions, transport).describe({});
console.log(described.sandboxClass, described.contractVersion);
transport.close();
await running.stop();
await rm(basePath, { recursive: true });

// A back end of the base contract alone, and one that forgot a half.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ateom, extensions } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { Code, createClient } from "@connectrpc/connect";
import type { SandboxBackEnd, SandboxWorker } from "../back-end.ts";
import { startBackEnd } from "../start-back-end.ts";
import { actorKey, makeDataFolder, newUid, requestFor } from "../test-support/back-end-process.ts";
import { openExec } from "../test-support/exec-client.ts";
import { fails } from "../test-support/one-fake.ts";

function backEndWith(optional: Partial<SandboxWorker>, asked: string[] = []): SandboxBackEnd {
  const note = (name: string) => async () => {
    asked.push(name);
  };
  return {
    sandboxClass: "plain",
    requiredAssets: [],
    capabilities: { scopes: ["full"], severalContainers: false },
    openWorker: async () => ({
      run: note("run"),
      checkpoint: async () => [],
      restore: note("restore"),
      terminate: note("terminate"),
      close: note("close"),
      ...optional,
    }),
  };
}

const optionsIn = (basePath: string, uid: string) =>
  ({ podUids: [uid], basePath, network: "loopback", endsWithStdin: false, isDebug: false }) as const;

test("what an author did not implement is not declared, and is refused before any workload is looked at", async () => {
  await using folder = await makeDataFolder();
  const uid = newUid();
  const asked: string[] = [];
  await using _ = await startBackEnd(backEndWith({}, asked), optionsIn(folder.paths.basePath, uid));
  const transport = rpcTransport(`unix:${folder.paths.ateom(uid).socket}`, { protocol: "grpc" });
  const client = createClient(extensions.AteomExtensions, transport);
  try {
    const { capabilities } = await client.describe({});
    const { exec, freeze, stats, checkpointAndContinue, terminate } = capabilities ?? {};
    assert.deepEqual(
      { exec, freeze, stats, checkpointAndContinue, terminate },
      { exec: false, freeze: false, stats: false, checkpointAndContinue: false, terminate: true },
    );
    const undeclared = (name: string) =>
      fails(Code.Unimplemented, new RegExp(`the back end plain does not declare ${name}`));
    await assert.rejects(client.stats({}), undeclared("stats"));
    await assert.rejects(client.freeze({}), undeclared("freeze"));
    await assert.rejects(client.thaw({}), undeclared("freeze"));
    const snapshot = { ...requestFor(actorKey("a1")), scope: ateom.SnapshotScope.FULL };
    await assert.rejects(client.snapshot(snapshot), undeclared("snapshot"));
    await assert.rejects(openExec(client, { command: ["true"] }).next(), undeclared("exec"));
    assert.deepEqual(asked, []);
  } finally {
    transport.close();
  }
});

test("a back end that could freeze and not thaw does not start, and is closed", async () => {
  await using folder = await makeDataFolder();
  const asked: string[] = [];
  const half = backEndWith({ freeze: async () => undefined }, asked);
  await assert.rejects(
    startBackEnd(half, optionsIn(folder.paths.basePath, newUid())),
    /has "freeze" and no "thaw"; implement both or none/,
  );
  assert.deepEqual(asked, ["close"]);
});

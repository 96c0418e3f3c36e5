// Against our own node supervisor, whose back end is the kit's fake, and against nodes that are wrong.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { atelet } from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { fakePool, startTestNode, type TestNode } from "../../../atelet/src/testing/test-node.ts";
import type { ItemResult } from "../runner/result.ts";
import { nodeItems } from "./items/index.ts";
import type { NodeSettings } from "./node-settings.ts";
import { runNodeConformance } from "./run-node-conformance.ts";

async function settingsOf(node: TestNode, more: Partial<NodeSettings> = {}): Promise<NodeSettings> {
  const image = await node.importImage();
  node.controlPlane.want([fakePool(2)]);
  const workers = await node.available(2);
  const snapshots = join(node.paths.basePath, "outside");
  await mkdir(snapshots, { recursive: true });
  return {
    address: `unix:${join(node.paths.basePath, "atelet.sock")}`,
    workers: workers.map(({ uid, address }) => ({ uid, address })),
    image,
    pauseImage: "",
    sandboxClass: "fake",
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    assets: {},
    snapshots,
    items: [],
    ...more,
  };
}

function failures(results: readonly ItemResult[]): string[] {
  return results.flatMap(({ id, outcome }) => (outcome.kind === "failed" ? [`${id}: ${outcome.seen}`] : []));
}

test("our node supervisor passes all items", async () => {
  await using node = await startTestNode();
  const settings = await settingsOf(node);
  const { results, offersNode } = await runNodeConformance(
    settings,
    () => undefined,
    new AbortController().signal,
  );
  assert.ok(offersNode);
  assert.deepEqual(failures(results), []);
  assert.deepEqual(
    results.map(({ id, outcome }) => [id, outcome.kind]),
    nodeItems.map(({ id }) => [id, "passed"]),
  );
});

test("a node that takes scope 0 for FULL, and one that stores nothing, are caught by the items of that name", async () => {
  await using node = await startTestNode();
  const { herder } = node;
  await using server = await serveRpc({
    services: [atelet.AteomHerder],
    listen: { host: "127.0.0.1", port: 0 },
    routes: (router) =>
      router.service(atelet.AteomHerder, {
        run: (request) => herder.run(request),
        restore: (request) => herder.restore({ ...request, scope: request.scope || 1 }),
        checkpoint: async (request) => {
          const { config } = request;
          const isExternal = config.case === "externalConfig";
          const type = isExternal ? atelet.CheckpointType.LOCAL : request.type;
          const prefix = isExternal ? (config.value.snapshotUriPrefix.split("/").at(-1) ?? "") : "";
          const local = { case: "localConfig" as const, value: { snapshotPrefix: prefix } };
          const changed = isExternal ? { ...request, config: local, type } : request;
          return herder.checkpoint({ ...changed, scope: request.scope || 1 } as never);
        },
      }),
  });
  const items = ["node/unspecified-scope", "node/stored-form", "node/runs", "node/operation-id"];
  const settings = await settingsOf(node, { address: server.address, items });
  const { results } = await runNodeConformance(settings, () => undefined, new AbortController().signal);
  assert.deepEqual(
    results.map(({ id, outcome }) => [id, outcome.kind]),
    [
      ["node/unspecified-scope", "failed"],
      ["node/runs", "passed"],
      ["node/stored-form", "failed"],
      ["node/operation-id", "not-run"],
    ],
  );
});

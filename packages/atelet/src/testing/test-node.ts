// A node supervisor with a control plane of the test's own and workers that run the fake back end.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { atelet, node, type nodes } from "@agent-substrate/contract";
import { createLogger } from "@agent-substrate/process-kit";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";
import type { NodePaths } from "../node-paths.ts";
import { type RunningAtelet, startAtelet } from "../start-atelet.ts";
import { startControlPlane, type TestControlPlane } from "./control-plane.ts";
import { createNodeDirectory } from "./node-directory.ts";
import { imageArchive } from "./oci-archive.ts";

const fakeBackEnd = fileURLToPath(import.meta.resolve("@agent-substrate/ateom-kit")).replace(
  /index\.ts$/,
  "fake/main.ts",
);

type Pool = MessageInitShape<typeof nodes.PoolWorkersSchema>;

export function fakePool(replicas: number, more: Partial<Pool> = {}): Pool {
  return {
    namespace: "default",
    name: "pool",
    replicas,
    sandboxClass: "fake",
    localCommand: [process.execPath, fakeBackEnd],
    ...more,
  } as Pool;
}

export interface TestNode extends AsyncDisposable {
  readonly paths: NodePaths;
  readonly controlPlane: TestControlPlane;
  readonly herder: Client<typeof atelet.AteomHerder>;
  readonly node: Client<typeof node.Node>;
  /** Pinned reference of an image that any command "runs" in. */
  importImage(): Promise<string>;
  /** Resolves when so many workers are available. */
  available(count: number): Promise<nodes.NodeWorker[]>;
  /** Ends the node supervisor and starts another on the same folder. */
  restart(): Promise<void>;
}

export async function startTestNode(): Promise<TestNode> {
  const paths = await createNodeDirectory();
  const controlPlane = await startControlPlane(paths.basePath);
  const unixPath = join(paths.basePath, "atelet.sock");
  const start = (): Promise<RunningAtelet> =>
    startAtelet({
      basePath: paths.basePath,
      controlAddress: controlPlane.address,
      listen: { unixPath },
      nodeName: "test-node",
      path: process.env.PATH ?? "",
      log: createLogger("atelet", process.env.TEST_LOG ?? "silent"),
    });
  let running = await start();
  const transport = rpcTransport(running.address);
  const client = createClient(node.Node, transport);
  return {
    paths,
    controlPlane,
    herder: createClient(atelet.AteomHerder, transport),
    node: client,
    async importImage() {
      const chunk = await imageArchive({
        layers: [[{ name: "bin/app", content: "app" }]],
        config: { Entrypoint: ["/bin/app"], Env: ["FROM=image"] },
      });
      const messages = async function* () {
        yield { name: "app", chunk };
      };
      return (await client.importImage(messages())).reference;
    },
    available: (count) =>
      controlPlane.until(({ inventory }) => {
        const free = inventory?.workers.filter(({ state }) => state === 2) ?? [];
        return free.length === count && free;
      }),
    async restart() {
      await running.stop();
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      transport.close();
      await running.stop();
      await controlPlane[Symbol.asyncDispose]();
      await paths[Symbol.asyncDispose]();
    },
  };
}

import { atelet, type SandboxConfig, type WorkerPool } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import type { Resource } from "../resources/resource-catalog.ts";

/** The config that a pool names, or else the default one of its class. */
export function configOfPool(
  configs: readonly Resource<SandboxConfig>[],
  pool: WorkerPool,
): Resource<SandboxConfig> | undefined {
  const { sandboxConfigName, sandboxClass } = pool.spec;
  return configs.find(({ name, object }) =>
    sandboxConfigName === undefined
      ? object.spec.default && object.spec.sandboxClass === sandboxClass
      : name === sandboxConfigName,
  );
}

export function sandboxAssets({ object }: Resource<SandboxConfig>): atelet.SandboxAssets {
  const assets = Object.entries(object.spec.assets).map(([architecture, files]) => [
    architecture,
    create(atelet.ArchAssetsSchema, {
      files: Object.fromEntries(
        Object.entries(files).map(([name, file]) => [name, create(atelet.AssetFileSchema, file)]),
      ),
    }),
  ]);
  return create(atelet.SandboxAssetsSchema, {
    sandboxClass: object.spec.sandboxClass,
    assets: Object.fromEntries(assets),
  });
}

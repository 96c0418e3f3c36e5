// The published vectors are what authors in other languages test their own code against.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import names from "../vectors/names.json" with { type: "json" };
import paths from "../vectors/paths.json" with { type: "json" };
import {
  InvalidInput,
  validateAssetHash,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateFileName,
  validateMountPath,
  validateSnapshotUriPrefix,
} from "./names.ts";
import { type ActorPaths, contractPaths, workerNetnsName, workerNetnsPath } from "./paths.ts";

const nameRules: Record<keyof typeof names, (field: string, value: string) => string> = {
  dnsLabel: validateDns1123Label,
  dnsSubdomain: validateDns1123Subdomain,
  assetHash: validateAssetHash,
  fileName: validateFileName,
  mountPath: validateMountPath,
  snapshotUriPrefix: validateSnapshotUriPrefix,
};

describe("the vectors of names", () => {
  for (const [rule, validate] of Object.entries(nameRules)) {
    it(rule, () => {
      const vectors: NameVectors = names[rule as keyof typeof names];
      for (const value of vectors.valid) assert.equal(validate("field", value), value);
      for (const { input, result } of vectors.normalised ?? [])
        assert.equal(validate("field", input), result);
      for (const value of vectors.invalid) {
        assert.throws(() => validate("field", value), InvalidInput, JSON.stringify(value));
      }
    });
  }
});

interface NameVectors {
  readonly valid: readonly string[];
  readonly normalised?: readonly { readonly input: string; readonly result: string }[];
  readonly invalid: readonly string[];
}

type Inputs = Readonly<Record<string, string | undefined>>;

const conventions = contractPaths(paths.basePath);
const ateom = ({ uid = "" }: Inputs) => conventions.ateom(uid);
const actor = ({ namespace = "", template = "", actorId = "" }: Inputs): ActorPaths =>
  conventions.actor({ namespace, template, actorId });

const pathFunctions: Record<string, (inputs: Inputs) => string> = {
  cachedAssetPath: ({ sha256 = "" }) => conventions.cachedAsset(sha256),
  ateomPath: (inputs) => ateom(inputs).directory,
  ateomSocketPath: (inputs) => ateom(inputs).socket,
  ateomNetnsName: (inputs) => ateom(inputs).netnsName,
  ateomNetnsPath: (inputs) => ateom(inputs).netnsPath,
  workerNetnsName: ({ uid = "" }) => workerNetnsName(uid),
  workerNetnsPath: ({ uid = "" }) => workerNetnsPath(uid),
  actorPath: (inputs) => actor(inputs).directory,
  identityPath: (inputs) => actor(inputs).identity,
  sandboxAssetsPath: (inputs) => actor(inputs).sandboxAssets,
  runtimeStatePath: (inputs) => actor(inputs).runtimeState,
  checkpointPath: (inputs) => actor(inputs).checkpoint,
  localCheckpointPath: (inputs) => actor(inputs).localCheckpoint,
  restorePath: (inputs) => actor(inputs).restore,
  bundlePath: (inputs) => actor(inputs).bundle(inputs.container ?? ""),
  debugLogsPath: (inputs) => actor(inputs).debugLogs(inputs.container ?? ""),
  pidFilePath: (inputs) => actor(inputs).pidFile(inputs.container ?? ""),
  durableDirPath: (inputs) => actor(inputs).durableDir(inputs.volume ?? ""),
};

describe("the vectors of paths", () => {
  for (const [name, build] of Object.entries(pathFunctions)) {
    it(name, () => {
      const vectors = paths.vectors.filter((vector) => vector.name === name);
      assert.ok(vectors.some(({ invalid }) => !invalid));
      for (const { inputs, result, invalid } of vectors) {
        if (invalid) assert.throws(() => build(inputs), InvalidInput, JSON.stringify(inputs));
        else assert.equal(build(inputs), result);
      }
    });
  }

  it("name no function that is not there", () => {
    for (const { name } of paths.vectors) assert.ok(Object.hasOwn(pathFunctions, name), name);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidInput } from "../names.ts";
import {
  type ActorTemplate,
  parseResource,
  readSecret,
  resourceJsonSchemas,
  type WorkerPool,
} from "./index.ts";

const digest = "0".repeat(64);
const image = `local/counter@sha256:${digest}`;

function template(spec: object = {}): object {
  return {
    apiVersion: "ate.dev/v1alpha1",
    kind: "ActorTemplate",
    metadata: { name: "counter" },
    spec: { containers: [{ name: "main", image }], ...spec },
  };
}

function pool(spec: object = {}): object {
  const metadata = { name: "gvisor", namespace: "ns", labels: { tier: "a" } };
  return { apiVersion: "ate.dev/v1alpha1", kind: "WorkerPool", metadata, spec: { replicas: 2, ...spec } };
}

function config(spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: "ate.dev/v1alpha1",
    kind: "SandboxConfig",
    metadata: { name: "gvisor", ...metadata },
    spec,
  };
}

const containers = (container: object) => template({ containers: [{ name: "main", image, ...container }] });
const volumes = [{ name: "a", durableDir: {} }];
const mounts = (...mountPaths: string[]) => ({
  volumes,
  containers: [
    { name: "main", image, volumeMounts: mountPaths.map((mountPath) => ({ name: "a", mountPath })) },
  ],
});

test("defaults are filled in", () => {
  const { metadata, spec } = parseResource(
    template({ containers: [{ name: "main", image, readyz: { httpGet: { port: 80 } } }] }),
  ) as ActorTemplate;
  assert.equal(metadata.namespace, "default");
  assert.equal(spec.sandboxClass, "gvisor");
  assert.equal(spec.pauseImage, undefined);
  assert.deepEqual(spec.snapshotsConfig, { onPause: "Full", onCommit: "Full" });
  assert.deepEqual(spec.lifecycle, {
    onWorkerLoss: "Revert",
    drainSeconds: 30,
    webSockets: "Close",
    keepLast: 0,
  });
  assert.equal(spec.containers[0]?.readyz?.httpGet.path, "/readyz");
  assert.deepEqual(spec.workerSelector, { matchLabels: {}, matchExpressions: [] });
});

test("what is parsed can be parsed again, also with what a cluster adds", () => {
  for (const object of [template(), pool(), config()]) {
    const once = parseResource(object);
    assert.deepEqual(parseResource(JSON.parse(JSON.stringify(once))), once);
  }
  const shown = pool();
  Object.assign(shown, { metadata: { name: "p", uid: "u", creationTimestamp: "t", resourceVersion: "3" } });
  assert.deepEqual(parseResource(shown).metadata, {
    name: "p",
    namespace: "default",
    labels: {},
    annotations: {},
  });
});

test("a class that nobody here knows is admitted on all three kinds", () => {
  for (const make of [template, pool, config]) {
    const { spec } = parseResource(make({ sandboxClass: "foobar" })) as WorkerPool;
    assert.equal(spec.sandboxClass, "foobar");
  }
});

test("a secret's texts and its base64 are one", () => {
  const secret = parseResource({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    data: { a: "YQ==" },
    stringData: { b: "ü" },
  });
  assert.equal(secret.kind, "Secret");
  assert.deepEqual(
    [readSecret(secret, "a"), readSecret(secret, "b"), readSecret(secret, "c")],
    ["a", "ü", undefined],
  );
});

const refused: readonly [field: string, problem: RegExp, object: unknown][] = [
  ["object", /should be a resource/, []],
  ["kind", /is required/, {}],
  ["kind", /"Pod" is unknown/, { kind: "Pod" }],
  ["apiVersion", /should be ate.dev\/v1alpha1/, { ...template(), apiVersion: "v1" }],
  ["metadata.name", /is required/, { ...template(), metadata: {} }],
  ["metadata.namespace", /belongs to the cluster/, config({}, { namespace: "x" })],
  ["metadata.labels", /no label key/, { ...pool(), metadata: { name: "a", labels: { "-": "" } } }],
  ["spec.sandboxClass", /should match/, template({ sandboxClass: "Bad_Class" })],
  ["spec.sandboxClass", /should match/, pool({ sandboxClass: "Bad_Class" })],
  ["spec.sandboxClass", /should match/, config({ sandboxClass: "Bad_Class" })],
  ["spec.sandboxClass", /at most 63/, template({ sandboxClass: "a".repeat(64) })],
  ["spec.nonsense", /is no field of ActorTemplate/, template({ nonsense: 1 })],
  ["spec.containers[0].nonsense", /is no field/, containers({ nonsense: 1 })],
  ["spec.containers", /at least 1 entries/, template({ containers: [] })],
  ["spec.containers", /at most 10 entries/, template({ containers: names(11, { image }) })],
  [
    "spec.containers[1].name",
    /twice/,
    template({
      containers: [
        { name: "a", image },
        { name: "a", image },
      ],
    }),
  ],
  ["spec.containers[0].name", /reserved/, containers({ name: "pause" })],
  ["spec.containers[0].image", /is required/, template({ containers: [{ name: "main" }] })],
  ["spec.containers[0].image", /should be pinned by digest/, containers({ image: "counter:latest" })],
  ["spec.containers[0].image", /should match/, containers({ image: "local/counter@sha256:12" })],
  ["spec.pauseImage", /pinned/, template({ pauseImage: "pause" })],
  ["spec.containers[0].command", /at most 64/, containers({ command: Array(65).fill("x") })],
  ["spec.containers[0].env", /at most 32/, containers({ env: names(33, { value: "" }) })],
  ["spec.containers[0].env[0]", /exactly one of/, containers({ env: [{ name: "A" }] })],
  [
    "spec.containers[0].env[0]",
    /exactly one of/,
    containers({ env: [{ name: "A", value: "", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] }),
  ],
  [
    "spec.containers[0].env[0].value",
    /should be a string; put it in quotes/,
    containers({ env: [{ name: "A", value: true }] }),
  ],
  [
    "spec.containers[0].readyz.httpGet.port",
    /at most 65535/,
    containers({ readyz: { httpGet: { port: 65536 } } }),
  ],
  ["spec.containers[0].readyz.httpGet.port", /is required/, containers({ readyz: { httpGet: {} } })],
  [
    "spec.containers[0].readyz.httpGet.path",
    /should match/,
    containers({ readyz: { httpGet: { port: 80, path: "readyz" } } }),
  ],
  [
    "spec.containers[0].readyz.httpGet.path",
    /at most 1024/,
    containers({ readyz: { httpGet: { port: 80, path: `/${"a".repeat(1024)}` } } }),
  ],
  ["spec.snapshotsConfig.onCommit", /no subset/, template({ snapshotsConfig: { onPause: "Data" } })],
  ["spec.snapshotsConfig.onPause", /one of Full, Data/, template({ snapshotsConfig: { onPause: "All" } })],
  ["spec.snapshotsConfig.location", /has no bucket/, template({ snapshotsConfig: { location: "s3:///x" } })],
  [
    "spec.volumes",
    /at most one durableDir/,
    template({ volumes: [...volumes, { name: "b", durableDir: {} }] }),
  ],
  ["spec.volumes[0]", /exactly one source/, template({ volumes: [{ name: "a" }] })],
  [
    "spec.containers[0].volumeMounts[0].name",
    /no volume/,
    containers({ volumeMounts: [{ name: "x", mountPath: "/x" }] }),
  ],
  ["spec.containers[0].volumeMounts[1].name", /at most once/, template(mounts("/a", "/b"))],
  [
    "spec.ports[1].port",
    /twice/,
    template({
      ports: [
        { name: "a", port: 1 },
        { name: "b", port: 1 },
      ],
    }),
  ],
  ["spec.lifecycle.suspendAfter", /duration/, template({ lifecycle: { suspendAfter: "soon" } })],
  ["spec.replicas", /is required/, { ...pool(), spec: {} }],
  ["spec.replicas", /at least 0/, pool({ replicas: -1 })],
  ["spec.replicas", /should be a whole number/, pool({ replicas: 1.5 })],
  ["spec.template.egress", /one of Nat, Deny/, pool({ template: { egress: "All" } })],
  ["spec.template.tolerations", /at most 16/, pool({ template: { tolerations: Array(17).fill({}) } })],
  [
    "spec.template.resources.limits.memory",
    /quantity/,
    pool({ template: { resources: { limits: { memory: "lots" } } } }),
  ],
  [
    "spec.template.hostDevices[0].path",
    /should match \^\\\//,
    pool({ template: { hostDevices: [{ path: "dev" }] } }),
  ],
  [
    "spec.template.hostDevices[1].path",
    /twice/,
    pool({ template: { hostDevices: [{ path: "/dev/kvm" }, { path: "/dev/kvm", type: "BlockDevice" }] } }),
  ],
  [
    "spec.assets.amd64.runsc.sha256",
    /should match/,
    config({ assets: { amd64: { runsc: { url: "file:///x", sha256: "A" } } } }),
  ],
  [
    "spec.assets.amd64.runsc.url",
    /without user/,
    config({ assets: { amd64: { runsc: { url: "https://u:p@h/", sha256: digest } } } }),
  ],
  ["spec.localCommand", /absolute path/, config({ localCommand: ["node"] })],
  ["spec.workersPerProcess", /at most 64/, config({ workersPerProcess: 65 })],
];

for (const [field, problem, object] of refused) {
  test(`${field} is refused: ${problem.source}`, () => {
    assert.throws(
      () => parseResource(object),
      (error) => {
        assert.ok(error instanceof InvalidInput);
        assert.equal(error.field, field);
        assert.match(error.message, problem);
        return true;
      },
    );
  });
}

for (const mountPath of ["data", "/", "/a:b", "/a/../b", "/./a", "/a//b", "/a/", "/a\nb"]) {
  test(`mount path ${JSON.stringify(mountPath)} is refused`, () => {
    assert.throws(() => parseResource(template(mounts(mountPath))), {
      field: "spec.containers[0].volumeMounts[0].mountPath",
    });
  });
}

test("no error repeats a secret", () => {
  const secret = (data: object) => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...data });
  for (const data of [{ data: { a: "hunter2!" } }, { stringData: { a: { hunter2: 1 } } }]) {
    assert.throws(
      () => parseResource(secret(data)),
      (error: Error) => !error.message.includes("hunter2"),
    );
  }
});

test("each kind has a JSON schema", () => {
  const schemas = resourceJsonSchemas();
  const properties = (schemas.ActorTemplate as { properties: Record<string, object> }).properties;
  assert.deepEqual(Object.keys(properties), ["apiVersion", "kind", "metadata", "spec", "status"]);
  assert.ok(JSON.stringify(schemas.Secret).includes("stringData"));
});

function names(count: number, rest: object): object[] {
  return Array.from({ length: count }, (_, index) => ({ name: `n${index}`, ...rest }));
}

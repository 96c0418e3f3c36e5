import assert from "node:assert/strict";
import { test } from "node:test";
import { parseYamlResources } from "./index.ts";

const text = `# two of them
apiVersion: ate.dev/v1alpha1
kind: ActorTemplate
metadata:
  name: counter
spec:
  containers:
    - name: main
      image: counter@sha256:0
      env:
        - name: MODE
          value: "0755"
---
---
apiVersion: ate.dev/v1alpha1
kind: WorkerPool
metadata: { name: pool }
spec:
  replicas: 010
`;

test("all documents are read, as YAML 1.1", () => {
  const [template, pool, ...rest] = parseYamlResources(text, { file: "app.yaml" });
  assert.equal(template?.kind, "ActorTemplate");
  assert.equal(template.spec.containers[0]?.env[0]?.value, "0755");
  assert.equal(pool?.kind, "WorkerPool");
  assert.equal(pool.spec.replicas, 8);
  assert.deepEqual(rest, []);
  assert.deepEqual(parseYamlResources("", { file: "-" }), []);
});

for (const [from, to, message] of [
  [
    "counter@sha256:0",
    "counter",
    'app.yaml:9: spec.containers[0].image: "counter" should be pinned by digest, as NAME@sha256:…',
  ],
  ["      image: counter@sha256:0\n", "", "app.yaml:8: spec.containers[0].image: is required"],
  ["value:", "valeu:", "app.yaml:12: spec.containers[0].env[0].valeu: is no field of ActorTemplate here"],
  ['"0755"', "0755", "app.yaml:12: spec.containers[0].env[0].value: should be a string; put it in quotes"],
  ["  replicas: 010", "  replicas: -1", "app.yaml:19: spec.replicas: should be at least 0"],
  [
    "kind: WorkerPool",
    "kind: Pool",
    'app.yaml:16: kind: "Pool" is unknown; it should be one of Secret, SandboxConfig, WorkerPool, ActorTemplate',
  ],
  ["metadata: { name: pool }", "metadata: { name: pool", /^app.yaml:\d+: /],
  ["metadata: { name: pool }", "metadata: { name: pool, name: pool }", /^app.yaml:17: .*unique/],
] as const) {
  test(`with ${JSON.stringify(to)} for ${JSON.stringify(from)}: ${message}`, () => {
    const changed = text.replace(from, to);
    assert.notEqual(changed, text);
    assert.throws(() => parseYamlResources(changed, { file: "app.yaml" }), { message });
  });
}

test("aliases that would expand without end are refused", () => {
  const levels = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (const [name, inner] of [..."bcdefgh"].map((name, index) => [name, "abcdefg"[index]])) {
    levels.push(`${name}: &${name} [${Array(9).fill(`*${inner}`).join(",")}]`);
  }
  assert.throws(
    () => parseYamlResources(levels.join("\n"), { file: "bomb.yaml" }),
    /^InvalidInput: bomb.yaml:1: /,
  );
});

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startFakeControlPlane } from "../test-support/fake-control-plane.ts";
import { run } from "../test-support/run.ts";

const yaml = `apiVersion: ate.dev/v1alpha1
kind: WorkerPool
metadata: { name: pool }
spec: { replicas: 2 }
---
apiVersion: ate.dev/v1alpha1
kind: ActorTemplate
metadata: { name: counter, namespace: ns }
spec:
  containers:
    - { name: main, image: "counter@sha256:0" }
`;

test("apply, get and delete the resources of stdin", async () => {
  await using fake = await startFakeControlPlane();
  const substrate = (...argv: string[]) => run([...argv, "--endpoint", fake.endpoint], { stdin: yaml });
  assert.equal(
    (await substrate("apply", "-f", "-")).stdout,
    "workerpool/pool created\nactortemplate/counter created\n",
  );
  assert.match((await substrate("apply", "-f", "-")).stdout, /^workerpool\/pool configured$/m);

  assert.equal(
    (await substrate("get", "templates")).stdout,
    "NAMESPACE   NAME      CLASS    PHASE\nns          counter   gvisor   -\n",
  );
  assert.equal(
    (await substrate("get", "pools")).stdout,
    "NAMESPACE   NAME   CLASS    DESIRED   WORKERS\ndefault     pool   gvisor   2         -\n",
  );
  const json = JSON.parse((await substrate("get", "template", "counter", "-n", "ns", "-o", "json")).stdout);
  assert.equal(json.resources[0].object.spec.containers[0].image, "counter@sha256:0");

  const removed = await substrate("delete", "-f", "-");
  assert.equal(removed.stdout, "actortemplate/counter deleted\nworkerpool/pool deleted\n");
  const again = await substrate("delete", "-f", "-");
  assert.deepEqual([again.code, again.stdout], [1, ""]);
  assert.equal((await substrate("delete", "-f", "-", "--ignore-not-found")).code, 0);
});

test("a wrong file names its line, and nothing of it is applied", async () => {
  await using fake = await startFakeControlPlane();
  const folder = await mkdtemp(join(tmpdir(), "substrate-cli-"));
  try {
    const file = join(folder, "app.yaml");
    await writeFile(file, yaml.replace("counter@sha256:0", "counter"));
    const { code, stderr } = await run(["apply", "-f", file, "--endpoint", fake.endpoint]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error: .*\/app\.yaml:11: spec\.containers\[0\]\.image: "counter" should be pinned/,
    );
    assert.equal(fake.resources.size, 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a file that is not there", async () => {
  const { code, stderr } = await run(["apply", "-f", "/no/such.yaml"]);
  assert.deepEqual([code, stderr], [1, "error: cannot read /no/such.yaml (ENOENT)\n"]);
});

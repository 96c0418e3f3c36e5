import assert from "node:assert/strict";
import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { atelet } from "@agent-substrate/contract";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { parseWorkload } from "../actors/workload.ts";
import type { ResolvedImage } from "../images/image-store.ts";
import { createNodeDirectory } from "../testing/node-directory.ts";
import { containerEnv } from "./container-env.ts";
import { deriveShape } from "./derive-shape.ts";
import { writeBundles } from "./write-bundles.ts";

const image: ResolvedImage = {
  digest: `sha256:${"a".repeat(64)}`,
  rootPath: "/layers/a",
  config: {
    entrypoint: ["/entry"],
    command: ["arg"],
    env: ["A=image", "B=image"],
    user: "",
    workingDir: "/srv",
    diffIds: [],
  },
  user: { uid: 1000, gid: 1001, additionalGids: [], home: "/home/app" },
};
const pinned = `local/app@sha256:${"a".repeat(64)}`;

function spec(message: MessageInitShape<typeof atelet.WorkloadSpecSchema>) {
  return create(atelet.WorkloadSpecSchema, message);
}

const podSpec: MessageInitShape<typeof atelet.WorkloadSpecSchema> = {
  pauseImage: pinned,
  volumes: [{ name: "data", type: atelet.VolumeType.DURABLE_DIR, source: { case: "durableDir", value: {} } }],
  containers: [
    { name: "app", image: pinned, volumeMounts: [{ name: "data", mountPath: "/data" }] },
    { name: "side", image: pinned, command: ["/side"] },
  ],
};

async function write(message: MessageInitShape<typeof atelet.WorkloadSpecSchema>) {
  const paths = await createNodeDirectory();
  const workload = parseWorkload(spec(message));
  const shape = await deriveShape(workload, async () => image);
  const actor = paths.contract.actor({ namespace: "default", template: "t.space", actorId: "one" });
  await mkdir(actor.directory);
  await writeBundles(shape, {
    actor,
    actorId: "one",
    netnsPath: "/run/netns/ateom:w",
    resolvConf: paths.resolvConf,
    seen: (path) => path,
    rootPath: () => image.rootPath,
    env: ({ name }) =>
      containerEnv(
        image,
        workload.containers.find((container) => container.name === name),
      ),
  });
  const bundle = async (name: string) =>
    JSON.parse(await readFile(join(actor.bundle(name), "config.json"), "utf8"));
  return { paths, actor, bundle, [Symbol.asyncDispose]: () => paths[Symbol.asyncDispose]() };
}

test("one container is the sandbox, and runs what its image says", async () => {
  const message = { containers: [{ name: "app", image: pinned, env: [{ name: "B", value: "template" }] }] };
  await using written = await write(message);
  const { process, root, hostname, annotations, mounts } = await written.bundle("app");
  assert.deepEqual(process.args, ["/entry", "arg"]);
  assert.deepEqual(
    [process.cwd, process.user, root],
    ["/srv", { uid: 1000, gid: 1001 }, { path: "/layers/a", readonly: false }],
  );
  assert.deepEqual(process.env.slice(1), ["HOME=/home/app", "A=image", "B=template"]);
  assert.match(process.env[0], /^PATH=/);
  assert.deepEqual([hostname, annotations["io.kubernetes.cri.container-type"]], ["runsc", "sandbox"]);
  const sources = Object.fromEntries(
    mounts.map((mount: { destination: string; source: string }) => [mount.destination, mount.source]),
  );
  assert.deepEqual(sources, {
    "/proc": "proc",
    "/dev": "tmpfs",
    "/dev/pts": "devpts",
    "/dev/shm": "shm",
    "/sys": "sysfs",
    "/run/ate": written.actor.identity,
    "/etc/resolv.conf": written.paths.resolvConf,
  });
  assert.equal(await readFile(join(written.actor.identity, "actor-id"), "utf8"), "one");
  const modes = [await stat(written.actor.identity), await stat(join(written.actor.identity, "actor-id"))];
  assert.deepEqual(
    modes.map(({ mode }) => mode & 0o777),
    [0o755, 0o644],
  );
});

test("a pause container holds a pod, whose containers share a durable directory", async () => {
  await using written = await write(podSpec);
  const pause = await written.bundle("pause");
  assert.deepEqual(pause.process.args, ["/pause"]);
  assert.equal(pause.annotations["io.kubernetes.cri.container-type"], "sandbox");
  const source = written.actor.durableDir("data");
  const prefix = "dev.gvisor.spec.mount.durabledir";
  assert.deepEqual(
    ["type", "share", "source"].map((key) => pause.annotations[`${prefix}.${key}`]),
    ["bind", "container", source],
  );
  assert.ok(!pause.mounts.some(({ destination }: { destination: string }) => destination === "/run/ate"));
  const app = await written.bundle("app");
  assert.equal(app.annotations["io.kubernetes.cri.container-type"], "container");
  assert.deepEqual(app.mounts.at(-1), {
    destination: "/data",
    type: "bind",
    source,
    options: ["rbind", "rw"],
  });
  assert.ok((await stat(source)).isDirectory());
  assert.deepEqual((await written.bundle("side")).process.args, ["/side"]);
});

test("a workload that cannot be is refused by field", () => {
  const container = { name: "app", image: pinned };
  const cases: [MessageInitShape<typeof atelet.WorkloadSpecSchema>, RegExp][] = [
    [{ containers: [] }, /spec\.containers: is empty/],
    [{ containers: [container, { ...container, name: "b" }] }, /spec\.pause_image: is required/],
    [{ pauseImage: pinned, containers: [container, container] }, /holds "app" twice/],
    [{ containers: [{ ...container, name: "pause" }] }, /containers\[0\]\.name: pause is reserved/],
    [{ containers: [{ ...container, image: "" }] }, /containers\[0\]\.image: is required/],
    [
      { containers: [{ ...container, volumeMounts: [{ name: "x", mountPath: "/x" }] }] },
      /there is no volume "x"/,
    ],
    [
      { ...podSpec, containers: [{ ...container, volumeMounts: [{ name: "data", mountPath: "/../x" }] }] },
      /mount_path/,
    ],
    [{ containers: [{ ...container, readyz: { httpGet: { port: 0 } } }] }, /readyz\.http_get\.port: 0/],
    [{ containers: [{ ...container, env: [{ name: "A=B", value: "secret" }] }] }, /env: "A=B" is no/],
    [{ volumes: [{ name: "v" }], containers: [container] }, /volumes\[0\]: should be a durable directory/],
  ];
  for (const [message, says] of cases) assert.throws(() => parseWorkload(spec(message)), says);
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { startFakeControlPlane } from "../test-support/fake-control-plane.ts";
import { run } from "../test-support/run.ts";

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "substrate-image-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function unpack(
  archive: Buffer,
): Promise<Map<string, { header: { mode?: number; type?: string | null }; body: Buffer }>> {
  const entries = new Map();
  const unpacked = Readable.from([archive]).pipe(extract()) as unknown as AsyncIterable<
    AsyncIterable<Buffer> & { header: { name: string } }
  >;
  for await (const entry of unpacked) {
    entries.set(entry.header.name, {
      header: entry.header,
      body: await readAll(entry),
    });
  }
  return entries;
}

async function readAll(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("a folder becomes an image of one layer, the same bytes each time", async () => {
  await using fake = await startFakeControlPlane();
  await using dir = await folder();
  await mkdir(join(dir.path, "app"));
  await writeFile(join(dir.path, "app", "main.js"), "x".repeat(3_000_000), { mode: 0o755 });
  await symlink("app/main.js", join(dir.path, "start"));
  const build = () =>
    run([
      ...[
        "image",
        "build",
        dir.path,
        "--entrypoint",
        "/bin/node",
        "--entrypoint=--expose-gc",
        "--entrypoint",
        "/start",
      ],
      ...[
        "--env",
        "A=1",
        "--env",
        "B=x=y",
        "--workdir",
        "/app",
        "--name",
        "counter",
        "--endpoint",
        fake.endpoint,
      ],
    ]);
  assert.deepEqual(await build(), {
    code: 0,
    stdout: `local/counter@sha256:${"0".repeat(64)}\n`,
    stderr: "",
  });
  await utimes(join(dir.path, "app", "main.js"), 1, 1);
  await build();
  const [first, second] = fake.images;
  assert.ok(first && second && first.archive.equals(second.archive));

  const entries = await unpack(first.archive);
  for (const [name, { body }] of entries) {
    const digest = /^blobs\/sha256\/(.*)$/.exec(name)?.[1];
    if (digest) assert.equal(createHash("sha256").update(body).digest("hex"), digest);
  }
  const blob = (descriptor: { digest: string; size: number }) => {
    const { body } = entries.get(`blobs/sha256/${descriptor.digest.slice(7)}`) ?? { body: Buffer.alloc(0) };
    assert.equal(body.length, descriptor.size);
    return body;
  };
  const index = JSON.parse(String(entries.get("index.json")?.body));
  const manifest = JSON.parse(String(blob(index.manifests[0])));
  const { config } = JSON.parse(String(blob(manifest.config)));
  assert.deepEqual(config, {
    Entrypoint: ["/bin/node", "--expose-gc", "/start"],
    Env: ["A=1", "B=x=y"],
    WorkingDir: "/app",
  });
  const files = await unpack(blob(manifest.layers[0]));
  assert.deepEqual([...files.keys()], ["app/", "app/main.js", "start"]);
  assert.equal(files.get("app/main.js")?.header.mode, 0o755);
  assert.equal(files.get("start")?.header.type, "symlink");

  const { stdout } = await run(["get", "images", "--endpoint", fake.endpoint]);
  assert.match(stdout, /^REFERENCE +SIZE +IMPORTED +NODES\nlocal\/counter@sha256:0+ +2\.9 MiB +- +node-1\n/);
});

test("a program of this machine comes with its libraries and is found by its name", async () => {
  await using fake = await startFakeControlPlane();
  await using dir = await folder();
  await writeFile(join(dir.path, "main.js"), "");
  const words = ["image", "build", dir.path, "--program", "true", "--entrypoint", "true"];
  const { code, stdout, stderr } = await run([...words, "--name", "tool", "--endpoint", fake.endpoint]);
  assert.deepEqual([code, stdout], [0, `local/tool@sha256:${"0".repeat(64)}\n`]);
  assert.match(stderr, /^program true: \/.*\/true, \d+ files\n$/);

  const entries = await unpack(fake.images[0]?.archive ?? Buffer.alloc(0));
  const blob = (digest: string) =>
    entries.get(`blobs/sha256/${digest.slice(7)}`)?.body ?? assert.fail(`there is no blob ${digest}`);
  const index = JSON.parse(String(entries.get("index.json")?.body));
  const manifest = JSON.parse(String(blob(index.manifests[0].digest)));
  const { config } = JSON.parse(String(blob(manifest.config.digest)));
  assert.deepEqual(config.Entrypoint, ["true"]);
  const searchPath: string[] = config.Env[0].slice("PATH=".length).split(":");
  const path = / (\/.*),/.exec(stderr)?.[1] ?? "";
  assert.ok(searchPath.includes(dirname(path)));
  const files = await unpack(blob(manifest.layers[0].digest));
  assert.ok(files.has(path.slice(1)));
  assert.ok(files.has("main.js") && files.has("etc/nsswitch.conf"));
  assert.equal(files.get("tmp/")?.header.mode, 0o1777);
});

test("a program that is not there, and one that meets the folder's own files", async () => {
  await using dir = await folder();
  const build = (...words: string[]) => run(["image", "build", dir.path, "--entrypoint", "x", ...words]);
  const missing = await build("--program", "no-such-program");
  assert.deepEqual([missing.code, missing.stdout], [1, ""]);
  assert.match(missing.stderr, /no program no-such-program in the folders of PATH/);
  await writeFile(join(dir.path, process.execPath.split("/")[1] ?? ""), "in the way");
  assert.match(
    (await build("--program", process.execPath)).stderr,
    /^error: the folder has a \/\S+ of its own/m,
  );
});

test("a folder in the OCI layout and an archive are imported as they are", async () => {
  await using fake = await startFakeControlPlane();
  await using dir = await folder();
  const image = join(dir.path, "My Image");
  await mkdir(image);
  await writeFile(join(image, "oci-layout"), "{}");
  await run(["image", "import", image, "--endpoint", fake.endpoint]);
  assert.equal(fake.images[0]?.name, "my-image");
  const archive = fake.images[0]?.archive ?? Buffer.alloc(0);
  assert.deepEqual([...(await unpack(archive)).keys()], ["oci-layout"]);

  const file = join(dir.path, "counter.tar.gz");
  await writeFile(file, gzipSync(archive));
  await run(["image", "import", file, "--endpoint", fake.endpoint]);
  assert.equal(fake.images[1]?.name, "counter");
  assert.ok(fake.images[1]?.archive.equals(archive));
});

test("a folder that is no image says how to make one", async () => {
  await using dir = await folder();
  const { code, stderr } = await run(["image", "import", dir.path]);
  assert.equal(code, 1);
  assert.match(stderr, /it has no file oci-layout\); to make an image of a folder: substrate image build /);
});

test("a name that is none is wrong usage", async () => {
  await using dir = await folder();
  const { code, stderr } = await run([
    "image",
    "build",
    dir.path,
    "--entrypoint",
    "/x",
    "--name",
    "Bad_Name",
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /--name: "Bad_Name" is no DNS label/);
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { FakeCheckout } from "./fake-checkout.ts";

const arch = process.arch === "arm64" ? "arm64" : "amd64";

/** A Go whose `go build` writes a runsc that only tells its version: the one it was built with, or another. */
const goStandIn = (build = "", told = "$version") => `
  case $1 in
    env) echo go1.99 ;;
    mod) mkdir -p vendor/gvisor.dev/gvisor/runsc/boot/filter ;;
    build)
      ${build}
      while [ "$1" != -o ]; do
        case $1 in *version.version=*) version=\${1##*version.version=} ;; esac
        shift
      done
      printf '#!/bin/sh\\necho "runsc version %s"\\n' "${told}" >"$2"
      chmod +x "$2" ;;
  esac`;

test("without Go, an empty cache and no pinned release it says what to do and leaves nothing", async () => {
  await using checkout = await FakeCheckout.create();
  const outcome = await checkout.substrate(["up"]);
  assert.equal(outcome.code, 1);
  assert.match(
    outcome.stderr,
    /^substrate: the sandbox runtime, gVisor's runsc, is missing: install Go 1\.\d+\.\d+ or later .* or set SUBSTRATE_RUNSC to a runsc\n$/,
  );
  assert.deepEqual(await checkout.runtimes(), []);
});

test("a Go that is too old is named", async () => {
  await using checkout = await FakeCheckout.create();
  for (const version of ["go1.25.9", "go1.26.2", "go1.9", "go1.26rc1", ""]) {
    await checkout.command("go", `echo ${version}`);
    const outcome = await checkout.substrate(["up"]);
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /install Go 1\.26\.3 or later .*\(.*bin\/go, .* is too old\)/, version);
    if (version !== "") assert.ok(outcome.stderr.includes(version.slice(2)), version);
  }
  assert.deepEqual(await checkout.runtimes(), []);
});

test("builds with Go, once, and hands the path on", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.command("go", goStandIn());

  const first = await checkout.substrate(["up"]);
  const calls = await checkout.calls();
  const second = await checkout.substrate(["up"]);

  assert.match(
    first.stderr,
    /^substrate: building the sandbox runtime, gVisor's runsc substrate-\d{8}\.\d+, once: .*\n$/,
  );
  assert.deepEqual([first.code, second.code, second.stderr], [0, 0, ""]);
  assert.deepEqual(await checkout.calls(), calls);
  const folders = await checkout.runtimes();
  assert.equal(folders.length, 1);
  const runsc = join(checkout.cache, "substrate/runsc", folders[0] ?? "", "runsc");
  assert.deepEqual(JSON.parse(second.stdout), [["up"], checkout.root, runsc]);
  assert.equal((await checkout.run(join(checkout.root, "setup/runsc-path"))).stdout, `${runsc}\n`);
});

test("without root nothing is built: the command line itself refuses", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.command("go", goStandIn());
  const outcome = await checkout.substrate(["up"], { withoutRoot: true });
  assert.deepEqual([outcome.code, outcome.stderr], [0, ""]);
  assert.deepEqual(JSON.parse(outcome.stdout), [["up"], checkout.root, null]);
  assert.deepEqual(await checkout.calls(), []);
});

test("a build that fails shows why and leaves nothing", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.command("go", goStandIn("echo undefined: something >&2; exit 1"));
  const outcome = await checkout.substrate(["up"]);
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /undefined: something\nsubstrate: gVisor could not be built with /);
  assert.deepEqual(await checkout.runtimes(), []);
});

test("a build of another version than asked for is refused", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.command("go", goStandIn("", "other"));
  const outcome = await checkout.substrate(["up"]);
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /does not say that it is substrate-/);
  assert.deepEqual(await checkout.runtimes(), []);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`a build that ${signal} ends leaves nothing`, async () => {
    await using checkout = await FakeCheckout.create();
    const [started, never] = [await checkout.pipe("started"), await checkout.pipe("never")];
    await checkout.command("go", goStandIn(`echo started >'${started}'; cat '${never}'`));

    const running = checkout.start(join(checkout.root, "substrate"), ["up"]);
    await readFile(started);
    assert.equal((await checkout.runtimes()).length, 1);
    assert.ok(running.process.pid !== undefined);
    process.kill(-running.process.pid, signal);

    assert.notEqual((await running.outcome).code, 0);
    assert.deepEqual(await checkout.runtimes(), []);
  });
}

test("what a killed build left is cleared by the next", async () => {
  await using checkout = await FakeCheckout.create();
  await mkdir(join(checkout.cache, "substrate/runsc/.new.killed"), { recursive: true });
  await checkout.command("go", goStandIn());
  assert.equal((await checkout.substrate(["up"])).code, 0);
  assert.equal((await checkout.runtimes()).length, 1);
});

test("a damaged runsc is noticed and built again", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.command("go", goStandIn());
  await checkout.substrate(["up"]);
  const runsc = (await checkout.run(join(checkout.root, "setup/runsc-path"))).stdout.trim();
  const whole = await readFile(runsc, "utf8");
  await writeFile(runsc, "#!/bin/sh\necho other\n");

  const outcome = await checkout.substrate(["up"]);

  assert.equal(outcome.code, 0);
  assert.match(outcome.stderr, /runsc is damaged and will not be used\n(.*\n)*substrate: building/);
  assert.equal(await readFile(runsc, "utf8"), whole);
});

test("downloads the pinned release when there is no Go", async () => {
  await using checkout = await FakeCheckout.create();
  const content = "#!/bin/sh\necho runsc version release-20990101.0\n";
  const sha512 = createHash("sha512").update(content).digest("hex");
  const url = `data:application/octet-stream;base64,${Buffer.from(content).toString("base64")}`;
  await checkout.write(
    "setup/runsc-releases.txt",
    `# a comment\nriscv64 release-1 00 x:\n${arch} release-20990101.0 ${sha512} ${url}\n`,
  );

  const first = await checkout.substrate(["up"]);
  const second = await checkout.substrate(["up"]);

  assert.equal(
    first.stderr,
    "substrate: downloading the sandbox runtime, gVisor's runsc release-20990101.0\n",
  );
  assert.deepEqual([first.code, second.code, second.stderr], [0, 0, ""]);
  const runsc = join(checkout.cache, `substrate/runsc/release-20990101.0-${arch}/runsc`);
  assert.deepEqual(JSON.parse(second.stdout), [["up"], checkout.root, runsc]);
  assert.equal(await readFile(runsc, "utf8"), content);
});

test("a download with another hash than the pinned one is thrown away", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.write(
    "setup/runsc-releases.txt",
    `${arch} release-20990101.0 ${"0".repeat(128)} data:,other\n`,
  );
  const outcome = await checkout.substrate(["up"]);
  assert.equal(outcome.code, 1);
  assert.match(
    outcome.stderr,
    /its SHA-512 is [0-9a-f]{128}, pinned is 0{128}\nsubstrate: the download .* failed/,
  );
  assert.deepEqual(await checkout.runtimes(), []);
});

test("SUBSTRATE_RUNSC that is no executable file is named", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.write("plain", "");
  for (const path of [join(checkout.root, "nowhere"), checkout.root, join(checkout.root, "plain")]) {
    const outcome = await checkout.substrate(["up"], { env: { SUBSTRATE_RUNSC: path } });
    assert.equal(outcome.code, 1);
    assert.ok(
      outcome.stderr.startsWith(`substrate: SUBSTRATE_RUNSC is "${path}", which is no executable file`),
      outcome.stderr,
    );
  }
});

test("SUBSTRATE_RUNSC reaches the command line as an absolute path", async () => {
  await using checkout = await FakeCheckout.create();
  await chmod(await checkout.write("my runsc", "#!/bin/sh\n"), 0o755);
  const outcome = await checkout.substrate(["up"], { env: { SUBSTRATE_RUNSC: "my runsc" } });
  assert.deepEqual(JSON.parse(outcome.stdout), [["up"], checkout.root, join(checkout.root, "my runsc")]);
});

test("npm run setup reports where the runtime is", async () => {
  await using checkout = await FakeCheckout.create();
  const runsc = await checkout.write("runsc", "#!/bin/sh\n", 0o755);
  const outcome = await checkout.run(join(checkout.root, "setup/ensure.sh"), [], {
    env: { SUBSTRATE_RUNSC: runsc },
  });
  assert.equal(outcome.code, 0);
  assert.equal(outcome.stderr, `substrate: everything is there; the sandbox runtime is ${runsc}\n`);
});

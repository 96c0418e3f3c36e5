import assert from "node:assert/strict";
import { readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { FakeCheckout } from "./fake-checkout.ts";

const anHourAgo = new Date(Date.now() - 3_600_000);

test("runs the command line with its arguments, from any folder and through a symbolic link", async () => {
  await using checkout = await FakeCheckout.create();
  const link = join(checkout.bin, "substrate");
  await symlink(join(checkout.root, "substrate"), link);

  const outcome = await checkout.run(link, ["get", "actors", "--name", "two words", "*"], {
    cwd: checkout.bin,
  });

  assert.equal(outcome.stderr, "");
  assert.deepEqual(JSON.parse(outcome.stdout), [
    ["get", "actors", "--name", "two words", "*"],
    checkout.bin,
    null,
  ]);
  assert.equal(outcome.code, 0);
  assert.deepEqual(await checkout.calls(), []);
});

test("passes the exit code of the command line on", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.write("packages/cli/src/main.ts", "process.exitCode = 7;\n");
  assert.equal((await checkout.substrate(["get"])).code, 7);
});

test("installs no system package and no runtime for a command that needs none", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.write("setup/system-packages.txt", "no-such-command no-such-package\n");
  for (const args of [
    ["get", "actors"],
    ["--help"],
    ["up", "--help"],
    ["help", "up"],
    ["exec", "a", "--", "up"],
    [],
  ]) {
    const outcome = await checkout.substrate(args);
    assert.deepEqual([outcome.code, outcome.stderr], [0, ""], args.join(" "));
  }
  assert.deepEqual(await checkout.calls(), []);
});

test("up with everything there starts no installer", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.command("runsc", "exit 1");
  const runsc = join(checkout.bin, "runsc");

  const outcome = await checkout.substrate(["up"], { env: { SUBSTRATE_RUNSC: runsc } });

  assert.deepEqual([outcome.code, outcome.stderr], [0, ""]);
  assert.deepEqual(JSON.parse(outcome.stdout), [["up"], checkout.root, runsc]);
  assert.deepEqual(await checkout.calls(), []);
});

test("installs the npm packages when there are none, and once", async () => {
  await using checkout = await FakeCheckout.create();
  await utimes(join(checkout.root, "node_modules/.package-lock.json"), anHourAgo, anHourAgo);
  await checkout.command("npm", "touch node_modules/.package-lock.json");

  const first = await checkout.substrate(["get"]);
  const second = await checkout.substrate(["get"]);

  assert.equal(first.stderr, "substrate: installing the npm packages (npm ci)\n");
  assert.deepEqual([first.code, second.code, second.stderr], [0, 0, ""]);
  assert.equal((await checkout.calls()).length, 1);
  assert.match((await checkout.calls())[0] ?? "", /^npm ci /);
});

test("a newer date of the same lock file is no reason to install, new content is", async () => {
  await using checkout = await FakeCheckout.create();
  const installed = join(checkout.root, "node_modules/.package-lock.json");
  await checkout.command("npm", "touch node_modules/.package-lock.json");
  await utimes(installed, anHourAgo, anHourAgo);
  await checkout.substrate(["get"]);
  await utimes(installed, anHourAgo, anHourAgo);

  await checkout.substrate(["get"]);
  assert.equal((await checkout.calls()).length, 1);

  await checkout.write("package-lock.json", '{"changed":true}\n');
  await checkout.substrate(["get"]);
  assert.equal((await checkout.calls()).length, 2);
});

test("a failed npm ci is told, and tried again the next time", async () => {
  await using checkout = await FakeCheckout.create();
  await utimes(join(checkout.root, "node_modules/.package-lock.json"), anHourAgo, anHourAgo);
  await checkout.command("npm", "echo no network >&2; exit 1");
  for (const calls of [1, 2]) {
    const outcome = await checkout.substrate(["get"]);
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, /no network\n.*npm ci failed/);
    assert.equal((await checkout.calls()).length, calls);
  }
});

test("two first runs at once take turns", async () => {
  await using checkout = await FakeCheckout.create();
  const [started, goOn] = [await checkout.pipe("started"), await checkout.pipe("go-on")];
  await utimes(join(checkout.root, "node_modules/.package-lock.json"), anHourAgo, anHourAgo);
  await checkout.command(
    "npm",
    `echo started >'${started}'; cat '${goOn}'; touch node_modules/.package-lock.json`,
  );
  const launcher = join(checkout.root, "substrate");

  const first = checkout.start(launcher, ["get"]);
  await readFile(started);
  const second = checkout.start(launcher, ["get"]);
  await second.stderrHas("waiting for another set-up");
  await writeFile(goOn, "");

  assert.deepEqual([(await first.outcome).code, (await second.outcome).code], [0, 0]);
  assert.equal((await checkout.calls()).length, 1);
});

test("up installs what Debian has, and fetches the package lists only when that fails", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.write(
    "setup/system-packages.txt",
    "# command package\n\nrare-a rare\nrare-b rare\nsh dash\nother other-pkg\n",
  );
  const make = ["rare-a", "rare-b", "other"]
    .map((name) => `cp '${checkout.bin}/sh' '${checkout.bin}/${name}'`)
    .join("\n");
  const lists = join(checkout.cache, "lists");
  await checkout.command(
    "apt-get",
    `[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 1
     case "$*" in
       *update) mkdir -p '${lists}' ;;
       *) [ -d '${lists}' ] || { echo Unable to locate package; exit 100; }\n${make} ;;
     esac`,
  );

  const outcome = await checkout.substrate(["up"], { env: { SUBSTRATE_RUNSC: join(checkout.bin, "sh") } });

  assert.equal(outcome.code, 0, outcome.stderr);
  assert.equal(
    outcome.stderr,
    "substrate: installing the system packages rare other-pkg (apt-get)\n" +
      "substrate: fetching Debian's package lists (apt-get update)\n",
  );
  const calls = await checkout.calls();
  assert.equal(calls.length, 3);
  assert.match(calls[0] ?? "", /--no-install-recommends .* install rare other-pkg$/);
  assert.match(calls[1] ?? "", / update$/);
});

test("up says what apt-get said when it cannot install", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.write("setup/system-packages.txt", "no-such-command no-such-package\n");
  await checkout.command("apt-get", "echo Unable to locate package; exit 100");
  const outcome = await checkout.substrate(["up"]);
  assert.equal(outcome.code, 1);
  assert.match(
    outcome.stderr,
    /Unable to locate package\nsubstrate: apt-get could not install no-such-package/,
  );
});

test("without root, up names the command to run as root", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.write("setup/system-packages.txt", "no-such-command no-such-package\n");
  const outcome = await checkout.substrate(["up"], { withoutRoot: true });
  assert.equal(outcome.code, 1);
  assert.equal(
    outcome.stderr,
    "substrate: this machine lacks no-such-command: as root, apt-get install --no-install-recommends no-such-package\n",
  );
  assert.deepEqual(await checkout.calls(), []);
});

test("SUBSTRATE_NO_INSTALL=1 names all that is missing and installs nothing", async () => {
  await using checkout = await FakeCheckout.create();
  await utimes(join(checkout.root, "node_modules/.package-lock.json"), anHourAgo, anHourAgo);
  await checkout.write("setup/system-packages.txt", "no-such-command no-such-package\n");

  const outcome = await checkout.substrate(["demo"], { env: { SUBSTRATE_NO_INSTALL: "1" } });

  assert.equal(outcome.code, 1);
  assert.equal(outcome.stdout, "");
  const [npm, system, runtime] = outcome.stderr.split("\n");
  assert.match(npm ?? "", /^substrate: missing: the npm packages .*npm ci/);
  assert.match(system ?? "", /^substrate: missing: no-such-command .*no-such-package/);
  assert.match(runtime ?? "", /^substrate: missing: the sandbox runtime/);
  assert.deepEqual(await checkout.calls(), []);
  assert.deepEqual(await checkout.runtimes(), []);
});

test("a wrong SUBSTRATE_NO_INSTALL is named", async () => {
  await using checkout = await FakeCheckout.create();
  const outcome = await checkout.substrate(["get"], { env: { SUBSTRATE_NO_INSTALL: "yes" } });
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /^substrate: SUBSTRATE_NO_INSTALL is "yes": /);
});

test("an older Node.js is named when npm brings none for this machine", async () => {
  await using checkout = await FakeCheckout.create();
  await rm(join(checkout.root, "node_modules/.bin/node"));
  await checkout.command("node", "echo v20.20.2");
  const outcome = await checkout.substrate(["get"]);
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /^substrate: Node\.js 24 or later is needed, .* is v20\.20\.2/);

  await symlink(process.execPath, join(checkout.bin, "newer-node"));
  await checkout.command("node", `exec newer-node "$@"`);
  assert.equal((await checkout.substrate(["get"])).code, 0);
});

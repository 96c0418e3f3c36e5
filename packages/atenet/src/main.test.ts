import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { FakeControlPlane } from "./testing/fake-control-plane.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const nobody = 65534;

test("the process gives up root, serves, and ends with its parent", {
  skip: process.getuid?.() !== 0 && "only root can become another user",
}, async () => {
  await using control = await FakeControlPlane.start();
  const socket = control.address.slice("unix:".length);
  await chmod(dirname(socket), 0o711);
  await chown(socket, nobody, nobody);
  const child = spawn(
    process.execPath,
    [
      main,
      "--listen=127.0.0.1:0",
      "--status-listen=127.0.0.1:0",
      `--control=${control.address}`,
      `--user=${nobody}:${nobody}`,
      "--parent-pid-guard=true",
      "--log-level=silent",
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const exited = once(child, "exit");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const facts = JSON.parse(line) as { ready: boolean; port: number; statusPort: number };
  assert.equal(facts.ready, true);
  // The control socket is nobody's own, so it is as nobody that the router got here.
  await control.until(() => control.streams === 1);
  const status = await readFile(`/proc/${child.pid}/status`, "utf8");
  assert.match(status, new RegExp(`^Uid:\\t${nobody}\\t${nobody}\\t${nobody}\\t${nobody}$`, "m"));
  assert.match(status, new RegExp(`^Groups:\\t${nobody} $`, "m"));
  assert.equal((await fetch(`http://127.0.0.1:${facts.port}/`)).status, 404);
  const metrics = await (await fetch(`http://127.0.0.1:${facts.statusPort}/metrics`)).text();
  assert.match(metrics, /^substrate_router_answers_total\{status="4xx",refusal="malformed-target"\} 1$/m);
  child.stdin.end();
  assert.deepEqual(await exited, [0, null]);
});

test("a wrong option is named by its flag and its environment name", async () => {
  const child = spawn(process.execPath, [main, "--listen=nowhere"], { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (chunk) => {
    text += String(chunk);
  });
  assert.deepEqual(await once(child, "close"), [1, null]);
  assert.match(text, /--listen \(ATENET_LISTEN\): "nowhere" should be host:port/);
});

// The public port, called by plain HTTP/1.1 as a web page or a stranger would.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { promisify } from "node:util";
import { nodes, routes } from "@agent-substrate/contract";
import { FakeRouter } from "../testing/fake-router.ts";
import { TestPlane } from "../testing/test-plane.ts";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly code?: string; readonly message?: string };
}

async function call(
  port: number,
  headers: Record<string, string>,
  path = listWorkers,
  sentBody = {},
): Promise<Answer> {
  const sent = request({ host: "127.0.0.1", port, path, method: "POST", headers, agent: false });
  sent.end(JSON.stringify(sentBody));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const body = await text(response);
  const isJson = response.headers["content-type"] === "application/json";
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: isJson ? JSON.parse(body) : {},
  };
}

const listWorkers = "/ateapi.Control/ListWorkers";
const json = { "content-type": "application/json" };

test("the owner is let in by any loopback name", async () => {
  await using plane = await TestPlane.start();
  const { port } = plane.running;
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, "127.0.0.1"]) {
    assert.equal((await call(port, { ...json, host })).status, 200, host);
  }
});

test("a foreign Host, Origin or a form is refused, whoever sends it", async () => {
  await using plane = await TestPlane.start();
  const { port } = plane.running;
  const token = (await readFile(plane.running.tokenPath, "utf8")).trim();
  const authorization = `Bearer ${token}`;
  const cases: Record<string, string>[] = [
    { ...json, host: `evil.example:${port}` },
    { ...json, host: `127.0.0.1.evil.example:${port}` },
    { ...json, host: "user@127.0.0.1" },
    { ...json, origin: "http://evil.example" },
    { ...json, origin: "null" },
    { ...json, origin: `https://127.0.0.1:${port}` },
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    { "content-type": "multipart/form-data; boundary=x" },
    {},
  ];
  for (const headers of cases) {
    const answer = await call(port, { authorization, ...headers });
    assert.equal(answer.status, 403, JSON.stringify(headers));
    assert.equal(answer.body.code, "permission_denied");
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
  }
  const own = await call(port, { ...json, host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` });
  assert.equal(own.status, 200);
});

test("another user is refused, and let in with the token", { skip: process.getuid?.() !== 0 }, async () => {
  await using plane = await TestPlane.start();
  const url = `http://127.0.0.1:${plane.running.port}/ateapi.Control/ListWorkers`;
  const asNobody = async (...more: string[]) => {
    const curl = [
      "curl",
      "-s",
      "-o",
      "-",
      "-w",
      "%{http_code}",
      "-H",
      "content-type: application/json",
      "-d",
      "{}",
    ];
    const setpriv = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    const { stdout } = await promisify(execFile)("setpriv", [...setpriv, ...curl, ...more, url]);
    return stdout;
  };
  const denied = await asNobody();
  assert.match(denied, /uid 65534 is neither root nor the owner.*403$/);
  const token = (await readFile(plane.running.tokenPath, "utf8")).trim();
  assert.match(await asNobody("-H", `authorization: Bearer ${token}`), /200$/);
  assert.match(await asNobody("-H", "authorization: Bearer wrong"), /unauthenticated.*401$/);
});

test("a wrong token is refused, also from root, and the refusal does not repeat it", async () => {
  await using plane = await TestPlane.start();
  const answer = await call(plane.running.port, { ...json, authorization: "Bearer guessed" });
  assert.equal(answer.status, 401);
  assert.ok(!JSON.stringify(answer.body).includes("guessed"));
});

test("token, store and control socket are the owner's alone", async () => {
  await using plane = await TestPlane.start();
  for (const path of [
    plane.running.tokenPath,
    `${plane.folder}/data/substrate.db`,
    `${plane.folder}/control.sock`,
  ]) {
    assert.equal((await stat(path)).mode & 0o777, 0o600, path);
  }
  assert.equal((await stat(`${plane.folder}/data`)).mode & 0o777, 0o700);
});

test("nodes and routers are served on the control socket only", async () => {
  await using plane = await TestPlane.start();
  for (const service of [nodes.Nodes, routes.Routes]) {
    const path = `/${service.typeName}/Connect`;
    const answer = await call(plane.running.port, { "content-type": "application/connect+json" }, path);
    assert.equal(answer.status, 404);
  }
  const router = await FakeRouter.start(plane.running.controlAddress);
  await router[Symbol.asyncDispose]();
});

test("what decides what nodes run as root is not taken by token alone", async () => {
  await using plane = await TestPlane.start();
  const token = (await readFile(plane.running.tokenPath, "utf8")).trim();
  const { port } = plane.running;
  const byToken = { ...json, authorization: `Bearer ${token}` };
  const apply = (headers: Record<string, string>, kind: string, spec: object) => {
    const object = { apiVersion: "ate.dev/v1alpha1", kind, metadata: { name: "c" }, spec };
    return call(port, headers, "/substrate.v1.Resources/ApplyResource", { object });
  };
  const env = [{ name: "NODE_OPTIONS", value: "--require=/tmp/evil.js" }];
  const wrong: [kind: string, spec: object, message: RegExp][] = [
    ["SandboxConfig", { localCommand: ["/bin/evil"] }, /^kind SandboxConfig: /],
    ["SandboxConfig", {}, /^kind SandboxConfig: /],
    ["WorkerPool", { replicas: 1, template: { env } }, /^spec\.template\.env: /],
  ];
  for (const [kind, spec, message] of wrong) {
    const { status, body } = await apply(byToken, kind, spec);
    assert.equal(status, 403);
    assert.match(body.message ?? "", message);
  }
  const config = { localCommand: ["/bin/back-end"] };
  assert.equal((await apply(json, "SandboxConfig", config)).status, 200, "by the owner");
  assert.equal((await apply(byToken, "SandboxConfig", config)).status, 200, "unchanged");
  assert.equal((await apply(byToken, "WorkerPool", { replicas: 1 })).status, 200, "no more than a number");
});

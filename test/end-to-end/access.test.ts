// Loopback is not a permission: who may call the API of one machine, and who may not.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

const run = promisify(execFile);
const call = "/ateapi.Control/ListAtespaces";

let substrate: Substrate;

before(async () => {
  substrate = await startSubstrate({ workers: 0 });
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

function post(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`http://${substrate.api}${call}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
    });
    outgoing.once("error", reject).once("response", (incoming) => {
      incoming.resume().once("end", () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.end("{}");
  });
}

test("root is let in", async () => {
  assert.equal(await post({}), 200);
});

test("a web page is not: neither by its origin, nor by a name of its own for this address", async () => {
  assert.equal(await post({ origin: "https://evil.example" }), 403);
  assert.equal(await post({ host: "evil.example" }), 403);
  assert.equal(await post({ "content-type": "text/plain" }), 403);
});

test("another user of this machine is not, over TCP or over the sockets", async () => {
  const program = `
    const { request } = require("node:http");
    const [target, path] = process.argv.slice(1);
    const where = target.startsWith("/") ? { socketPath: target } : { host: "127.0.0.1", port: Number(target) };
    request({ ...where, path, method: "POST", headers: { "content-type": "application/json" } })
      .once("response", (response) => { console.log(response.statusCode); response.resume(); })
      .once("error", (error) => console.log(error.code)).end("{}");`;
  const asUser = async (target: string) => {
    const words = [
      "--reuid=4242",
      "--regid=4242",
      "--clear-groups",
      process.execPath,
      "-e",
      program,
      target,
      call,
    ];
    return (await run("setpriv", words, { cwd: "/" })).stdout.trim();
  };
  assert.equal(await asUser(substrate.api.split(":")[1] ?? ""), "403");
  for (const socket of ["control.sock", "atelet.sock"]) {
    assert.equal(await asUser(`${substrate.data}/run/${socket}`), "EACCES");
  }
});

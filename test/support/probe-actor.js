// An actor that looks around for the tests: at the network, at files, at processes, at its memory.
//
//   /connect?host=H&port=P   tries a TCP connection: {"outcome":"connected"|"timeout"|<error code>}
//   /hold?host=H&port=P      keeps a connection open; /held writes to it and tells what became of it
//   /get?url=U               fetches: {"status":200,"text":"…"} or {"outcome":<error code>}
//   /resolve?name=N          {"addresses":[…]} or {"outcome":<error code>}
//   /list?path=P  /read?path=P  /write?path=P&text=T
//   /processes               the command lines in /proc
//   /remember?text=T         keeps it in memory: /remembered
//   /listen?port=P           listens on a further port and answers "port P"
//   /exit?code=C             ends itself
//   /events?count=N&ms=M     N server-sent events, M apart
//   /echo                    sends back the body

import { Resolver } from "node:dns/promises";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";

const patienceMs = 1500;
const remembered = [];

const routes = {
  "/readyz": () => "ok",
  "/whoami": () => readFileSync("/run/ate/actor-id", "utf8"),
  "/connect": ({ host, port }) => tryConnection(host, Number(port)),
  "/hold": ({ host, port }) => hold(host, Number(port)),
  "/held": () => writeToHeld(),
  "/get": ({ url }) => tryFetch(url),
  "/resolve": ({ name }) => tryResolve(name),
  "/list": ({ path }) => readdirSync(path).sort(),
  "/read": ({ path }) => readFileSync(path, "utf8"),
  "/write": ({ path, text }) => writeFileSync(path, text) ?? "written",
  "/processes": () => processes(),
  "/remember": ({ text }) => remembered.push(text),
  "/remembered": () => remembered,
  "/listen": ({ port }) => listen(Number(port)),
  "/exit": ({ code }) => process.exit(Number(code)),
};

function tryConnection(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (outcome) => {
      socket.destroy();
      resolve({ outcome });
    };
    socket.setTimeout(patienceMs, () => settle("timeout"));
    socket.once("connect", () => settle("connected"));
    socket.once("error", (error) => settle(error.code));
  });
}

let held;
let heldState = "none";

function hold(host, port) {
  return new Promise((resolve) => {
    held = connect({ host, port }, () => {
      heldState = "open";
      resolve(heldState);
    });
    held.once("error", (error) => {
      heldState = error.code;
      resolve(heldState);
    });
    held.once("close", () => {
      if (heldState === "open") heldState = "closed";
    });
    held.resume();
  });
}

/** Answers once the write has come to something, or nothing for a while. */
function writeToHeld() {
  return new Promise((resolve) => {
    if (heldState !== "open") return resolve(heldState);
    held.once("close", () => resolve(heldState));
    held.write("x");
    setTimeout(() => resolve(heldState), 500);
  });
}

async function tryFetch(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    return { outcome: error.cause?.code ?? error.name };
  }
}

async function tryResolve(name) {
  const resolver = new Resolver({ timeout: patienceMs, tries: 1 });
  try {
    return { addresses: await resolver.resolve4(name) };
  } catch (error) {
    return { outcome: error.code };
  }
}

function processes() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim());
}

function listen(port) {
  return new Promise((resolve) => {
    createServer((_, response) => response.end(`port ${port}`)).listen(port, () => resolve("listening"));
  });
}

async function sendEvents(response, { count, ms }) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (let event = 1; event <= Number(count); event += 1) {
    response.write(`data: ${event}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, Number(ms)));
  }
  response.end();
}

createServer({ keepAliveTimeout: 0 }, async (request, response) => {
  const url = new URL(request.url, "http://actor");
  const parameters = Object.fromEntries(url.searchParams);
  if (url.pathname === "/echo") return request.pipe(response);
  if (url.pathname === "/events") return sendEvents(response, parameters);
  try {
    const body = await (routes[url.pathname] ?? (() => ({ outcome: "no such route" })))(parameters);
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  } catch (error) {
    response.writeHead(500);
    response.end(error.code ?? error.message);
  }
}).listen(80);

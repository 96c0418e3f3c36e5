// The program that the suite runs as an actor, in a sandbox or as a plain process in a changed root. It
// needs Node.js and nothing else. What it does is told by its environment and by requests:
//
//   PROBE_PORTS           ports to listen on, `80,8080`; default 80
//   PROBE_READY_PATH      the only path that answers readiness; default /readyz
//   PROBE_READY_AFTER_MS  not ready until so long after the start; default 0
//   PROBE_EARLY_STATUS    what it answers while it is not ready, or `hang` for no answer; default 503
//   PROBE_EXIT_CODE       ends at once
//   PROBE_DURABLE         /durable is a durable directory; counts there, too
//
// A back end that cannot save memory itself may ask for it over Node's IPC, where the program was started
// with a channel: the message "checkpoint" is answered with `{memory}`, and with PROBE_MEMORY=given the first
// message gives it back.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { hostname, networkInterfaces } from "node:os";

const { env } = process;
const startedAt = performance.now();
const given = env.PROBE_MEMORY === "given" ? (await once(process, "message"))[0] : {};
const readyPath = env.PROBE_READY_PATH ?? "/readyz";
const rootFile = "/var/probe-count";
const durableFolder = "/durable";

const memory = { count: 0, signals: [], birth: randomBytes(8).toString("hex"), ...given.memory };
let ballast = Buffer.from(given.ballast ?? "", "base64");
const readyRequests = [];
const connections = new Map();

if (env.PROBE_EXIT_CODE !== undefined) {
  process.stdout.write("cannot go on\n", () => process.exit(Number(env.PROBE_EXIT_CODE)));
} else {
  for (const port of (env.PROBE_PORTS ?? "80").split(",")) listen(Number(port));
}
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2"]) {
  process.on(signal, () => memory.signals.push(signal));
}
process.on("message", () => process.send?.({ memory: { memory, ballast: ballast.toString("base64") } }));
process.on("disconnect", () => process.exit(1));

function listen(port) {
  return new Promise((resolve, reject) => {
    const server = http.createServer({ keepAliveTimeout: 0 }, (request, response) => {
      answer(request, response).catch((error) => {
        response.writeHead(500);
        response.end(JSON.stringify({ error: String(error?.stack ?? error) }));
      });
    });
    server.on("error", reject);
    server.listen(port, "0.0.0.0", resolve);
  });
}

async function answer(request, response) {
  const url = new URL(request.url, "http://actor");
  if (url.pathname === readyPath && request.method === "GET") return answerReadiness(request, response);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const act = actions[`${request.method} ${url.pathname}`];
  if (!act) {
    response.writeHead(404);
    return response.end("{}");
  }
  const result = await act(Object.fromEntries(url.searchParams), Buffer.concat(chunks));
  response.setHeader("content-type", "application/json");
  return response.end(JSON.stringify(result ?? {}));
}

function answerReadiness(request, response) {
  readyRequests.push({ host: request.headers.host, path: request.url });
  if (readyRequests.length > 8) readyRequests.shift();
  const isEarly = performance.now() - startedAt < Number(env.PROBE_READY_AFTER_MS ?? 0);
  if (isEarly && env.PROBE_EARLY_STATUS === "hang") return;
  const status = isEarly ? Number(env.PROBE_EARLY_STATUS ?? 503) : 200;
  // Where a redirect leads there is a 200.
  response.writeHead(status, status >= 300 && status < 400 ? { location: "/state" } : {});
  response.end();
}

const actions = {
  "GET /state": () => state(),
  "POST /count"() {
    memory.count += 1;
    writeFileSync(rootFile, String(countIn(rootFile) + 1));
    if (env.PROBE_DURABLE) {
      writeFileSync(`${durableFolder}/count`, String(countIn(`${durableFolder}/count`) + 1));
    }
    return state();
  },
  "GET /facts": () => ({
    env,
    args: process.argv.slice(2),
    cwd: process.cwd(),
    uid: process.getuid(),
    gid: process.getgid(),
    hostname: hostname(),
    interfaces: networkInterfaces(),
    resolvConf: textOf("/etc/resolv.conf"),
    routes: textOf("/proc/net/route"),
    readyRequests,
    root: readdirSync("/"),
  }),
  "GET /processes": () => processes(),
  "GET /read": ({ path }) => ({ text: textOf(path) }),
  "POST /write"({ path }, body) {
    try {
      writeFileSync(path, body);
      return {};
    } catch (error) {
      return { error: error.code };
    }
  },
  "POST /print": ({ to }, body) =>
    new Promise((resolve) => process[to === "stderr" ? "stderr" : "stdout"].write(body, () => resolve({}))),
  "POST /exit"({ code }) {
    setTimeout(() => process.exit(Number(code ?? 0)), 20);
  },
  "POST /spawn": () => ({
    pid: spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { stdio: "ignore" }).pid,
  }),
  "POST /ballast"({ bytes }) {
    ballast = randomBytes(Number(bytes));
    return { sha256: sha256(ballast) };
  },
  "GET /ballast": () => ({ sha256: sha256(ballast) }),
  "POST /dial": ({ id, host, port }) => dial(id, host, Number(port)),
  "POST /send"({ id }, body) {
    const connection = connections.get(id);
    if (!connection || connection.broken) return { outcome: connection?.broken ?? "no connection" };
    const outcome = outcomeOf(connection.socket);
    connection.socket.write(body);
    return outcome;
  },
  "POST /listen": ({ port }) => listen(Number(port)).then(() => ({})),
};

function state() {
  return {
    memory: memory.count,
    file: countIn(rootFile),
    durable: env.PROBE_DURABLE ? countIn(`${durableFolder}/count`) : null,
    birth: memory.birth,
    signals: memory.signals,
    actorId: textOf("/run/ate/actor-id"),
    label: env.PROBE_LABEL ?? null,
  };
}

function countIn(path) {
  return Number(textOf(path) ?? 0);
}

function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function processes() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      pid: Number(pid),
      command: (textOf(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " "),
    }));
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function dial(id, host, port) {
  const socket = net.connect({ host, port });
  const connection = { socket, broken: undefined };
  socket.on("error", (error) => (connection.broken = error.code ?? error.message));
  socket.on("close", () => (connection.broken ??= "closed"));
  connections.set(id, connection);
  return outcomeOf(socket);
}

/** What comes first: text, the code of an error, or `silence`. */
function outcomeOf(socket) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ outcome: "silence" }), 1500);
    const settle = (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    socket.once("data", (data) => settle({ text: data.toString() }));
    socket.once("error", (error) => settle({ outcome: error.code ?? error.message }));
    socket.once("close", () => settle({ outcome: "closed" }));
  });
}

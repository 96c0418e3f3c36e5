// The smallest actor that shows what a suspend keeps: one count in memory, one in a file.
//
//   GET or POST /   raises both:  {"actorId":"ann","memory":3,"file":3}
//   /mem /fs        raise one of them and answer its number
//   /whoami         the actor's own id, as the world that it wakes in tells it
//   /readyz         200 once it serves
//
// Each count of both is one line of output.
//
// COUNTER_FILE  where the file lies (default /var/lib/counter/count; in a durable directory it
//               outlives what memory does not)
// PORT          where it listens (default 80)
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname } from "node:path";

const file = process.env.COUNTER_FILE || "/var/lib/counter/count";
const port = Number(process.env.PORT || 80);

let memory = 0;

const routes = {
  "/": () => ({ actorId: actorId(), memory: countInMemory(), file: countInFile() }),
  "/mem": () => countInMemory(),
  "/fs": () => countInFile(),
  "/whoami": () => actorId(),
  "/readyz": () => "ok",
};

function countInMemory() {
  memory += 1;
  return memory;
}

function countInFile() {
  const count = readCount() + 1;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${count}\n`);
  return count;
}

function readCount() {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return 0;
    throw error;
  }
}

// Read anew each time: an actor that was born from another's snapshot has its own.
function actorId() {
  return readFileSync("/run/ate/actor-id", "utf8");
}

function answer(request, response) {
  const route = routes[new URL(request.url, "http://actor").pathname];
  const body = route ? route() : "there is /, /mem, /fs, /whoami and /readyz";
  const json = typeof body === "object";
  response.writeHead(route ? 200 : 404, { "content-type": json ? "application/json" : "text/plain" });
  response.end(json ? `${JSON.stringify(body)}\n` : String(body));
  if (json) console.log(JSON.stringify({ message: "counted", memory: body.memory, file: body.file }));
}

// No timers: an actor sleeps for days between two ticks, and each would fire at its wake.
const server = createServer(
  { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 2 ** 31 - 1 },
  (request, response) => {
    try {
      answer(request, response);
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" });
      response.end(`${error.message}\n`);
    }
  },
);

server.listen(port, () => console.log(JSON.stringify({ message: "listening", port })));

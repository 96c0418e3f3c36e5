// The program that the fake back end runs in place of a container's image: an HTTP counter with a
// count in memory and one in a file, and container names that ask for misbehaviour.
//
//   POST /        counts both        -> {"memory":1,"file":1}
//   GET  /fs /mem counts one         -> 1
//   GET  /whoami  the identity file
//   POST /log     writes the body as a line of output
//   POST /exit    exits with ?code=
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";

/** What the back end tells the actor before it starts, and takes from it at a checkpoint. */
export interface ActorState {
  readonly memory: number;
}

interface ActorEnvironment {
  readonly container: string;
  readonly host: string;
  readonly port: number;
  readonly counterFile: string;
  readonly identityFile: string;
  readonly memory: number;
}

const settings: ActorEnvironment = JSON.parse(process.env.FAKE_ACTOR ?? "{}");
let memory = settings.memory;
const startedAt = performance.now();
/** How long the container `slow` answers 503. */
const slowMs = 300;

function countFile(): number {
  let count = 0;
  try {
    count = Number(readFileSync(settings.counterFile, "utf8"));
  } catch {
    // The first count makes the file.
  }
  count += 1;
  writeFileSync(settings.counterFile, String(count));
  return count;
}

function countMemory(): number {
  memory += 1;
  return memory;
}

function readyzStatus(): number {
  if (settings.container === "never-ready") return 503;
  if (settings.container === "redirects") return 302;
  if (settings.container === "slow") return performance.now() - startedAt < slowMs ? 503 : 200;
  return 200;
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://actor");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = (body: unknown) => response.end(typeof body === "string" ? body : JSON.stringify(body));
  switch (url.pathname) {
    case "/":
      return answer({ memory: countMemory(), file: countFile() });
    case "/fs":
      return answer(countFile());
    case "/mem":
      return answer(countMemory());
    case "/whoami":
      return answer(readFileSync(settings.identityFile, "utf8"));
    case "/host":
      return answer(request.headers.host ?? "");
    case "/log":
      process.stdout.write(`${Buffer.concat(chunks).toString()}\n`);
      return answer("logged");
    case "/exit":
      answer("bye");
      return process.exit(Number(url.searchParams.get("code") ?? 0));
    default:
      response.writeHead(readyzStatus(), { location: "/" });
      return response.end();
  }
});

process.on("message", () => process.send?.({ memory } satisfies ActorState));
// The back end died: nobody else ends a plain process.
process.on("disconnect", () => process.exit(1));

if (settings.container === "exits") {
  process.stdout.write("cannot go on\n", () => process.exit(3));
} else {
  server.listen(settings.port, settings.host);
}

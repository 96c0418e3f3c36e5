// A root file system made of the Node.js that runs the tests and the libraries it needs.
import { execFile } from "node:child_process";
import { copyFile, link, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** Counts in memory, in a file of the root file system and in /data; tells its identity; ends when told to. */
const server = `
import { createServer } from "node:http";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
const port = Number(process.argv[2] ?? 80);
let memory = 0;
function count(file) {
  const next = (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0) + 1;
  writeFileSync(file, String(next));
  return next;
}
function isMounted(path) {
  return read("/proc/mounts").includes(" " + path + " ");
}
function read(file) {
  try { return readFileSync(file, "utf8"); } catch (error) { return error.code; }
}
createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://actor");
  if (pathname === "/exit") { response.end(); setTimeout(() => process.exit(7), 5); return; }
  if (pathname === "/read") { response.end(JSON.stringify(read(request.headers["x-path"]))); return; }
  response.end(JSON.stringify({
    memory: ++memory,
    file: count("/tmp/count"),
    volume: isMounted("/data") ? count("/data/count") : 0,
    actorId: read("/run/ate/actor-id"),
  }));
}).listen(port, "0.0.0.0", () => console.log("listening on " + port));
`;

/** Makes the root file system in an empty directory. */
export async function makeRootfs(directory: string): Promise<void> {
  for (const path of ["bin", "etc", "tmp", "run/ate", "app", "proc", "dev", "sys"]) {
    await mkdir(join(directory, path), { recursive: true });
  }
  const node = join(directory, "bin/node");
  await link(process.execPath, node).catch(() => copyFile(process.execPath, node));
  for (const library of await libraries(process.execPath)) {
    await mkdir(join(directory, dirname(library)), { recursive: true });
    await copyFile(library, join(directory, library));
  }
  await writeFile(join(directory, "etc/resolv.conf"), "");
  await writeFile(join(directory, "app/server.mjs"), server);
  await writeFile(join(directory, "pause"), "#!/bin/node\nsetInterval(() => {}, 1e9);\n", { mode: 0o755 });
}

async function libraries(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ldd", [program]);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap((match) => (match[1] ? [match[1]] : []));
}

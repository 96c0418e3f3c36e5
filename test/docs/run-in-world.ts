// Runs the blocks of one document as its reader would: one after the other, in one shell, in a folder
// that holds what a checkout holds, with the default ports. Tells, as one line of JSON, how that ended
// and what it left. Meant for a world of its own (own-world.ts), where nobody else has these ports.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, readHostState } from "../support/host-state.ts";
import { checkout, sessionOf } from "./documents.ts";
import { sessionScript } from "./session-script.ts";

/** What this program prints. */
export interface SessionReport {
  readonly code: number | null;
  readonly output: string;
  /** Of the last block that was begun. */
  readonly line: number;
  readonly left: readonly string[];
}

const path = process.argv[2] ?? "";
const blocks = sessionOf({ path, text: await readFile(join(checkout, path), "utf8") });
const before = await readHostState();
// Directly in the world's own temporary folder: a data folder's path is short, for the sockets below it.
const [reader, data, progress, output] = ["checkout", "data", "progress", "output"].map((name) =>
  join(tmpdir(), name),
) as [string, string, string, string];
await mkdir(reader);
for (const name of await readdir(checkout)) await symlink(join(checkout, name), join(reader, name));

await writeFile(progress, "");
const printed = await open(output, "w");
const shell = spawn("bash", ["-euo", "pipefail", "-c", sessionScript(blocks)], {
  cwd: reader,
  env: { ...readersEnvironment(), SUBSTRATE_DATA: data, PROGRESS: progress },
  // A file: what a session leaves running must not keep this program waiting.
  stdio: ["ignore", printed.fd, printed.fd],
});
const [code] = await once(shell, "exit");
await printed.close();
const session = {
  code,
  output: await readFile(output, "utf8"),
  line: Number((await readFile(progress, "utf8")).trim().split("\n").at(-1)),
};
for (const path of [reader, data, progress, output]) await rm(path, { recursive: true, force: true });
const report: SessionReport = { ...session, left: differences(before, await readHostState()) };
process.stdout.write(`${JSON.stringify(report)}\n`);

/** Without what whoever runs the tests has set for an `up` of their own. */
function readersEnvironment(): NodeJS.ProcessEnv {
  const kept = ["SUBSTRATE_RUNSC", "SUBSTRATE_NO_INSTALL"];
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.filter(([name]) => !name.startsWith("SUBSTRATE_") || kept.includes(name)),
  );
}

// Runs the demo and tells, as one line of JSON, how it ended and what it left. With an argument, sends
// SIGINT when the demo prints a line that holds it. Meant for a world of its own (own-world.ts).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { differences, readHostState } from "./host-state.ts";

/** What this program prints. */
export interface DemoReport {
  readonly code: number | null;
  readonly output: string;
  readonly left: readonly string[];
}

const launcher = resolve(import.meta.dirname, "../../substrate");
const interruptAt = process.argv[2];

const before = await readHostState();
const demo = spawn(launcher, ["demo"], { stdio: ["ignore", "pipe", "pipe"] });
const exited = once(demo, "exit");
let output = "";
const note = (line: string) => {
  output += `${line}\n`;
  if (interruptAt !== undefined && line.includes(interruptAt)) demo.kill("SIGINT");
};
createInterface({ input: demo.stdout }).on("line", note);
createInterface({ input: demo.stderr }).on("line", note);
const [code] = await exited;
const report: DemoReport = { code, output, left: differences(before, await readHostState()) };
process.stdout.write(`${JSON.stringify(report)}\n`);

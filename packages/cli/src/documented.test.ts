import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Command } from "commander";
import { createProgram } from "./program.ts";

const reference = new URL("../../../docs/reference/commands.md", import.meta.url);
const silent = { write: () => true };
const io = { stdin: (async function* () {})(), stdout: silent, stderr: silent, env: {} };

test("the reference tells of every command and every option", async () => {
  const text = await readFile(reference, "utf8");
  const code = [...text.matchAll(/`[^`]+`|^#.*$/gm)].map(([found]) => found).join(" ");
  const told = new Set(code.match(/-*[a-z][a-z-]*/g));
  // The commands that run on this machine itself are there in full only where they are asked for.
  for (const verb of ["get", "up", "demo"]) {
    const words = wordsOf(await createProgram([verb], io, new AbortController().signal));
    assert.ok(words.includes("actors"));
    assert.deepEqual(
      words.filter((word) => !told.has(word)),
      [],
    );
  }
});

/** Names of all commands, and the long names of their options. */
function wordsOf(command: Command): string[] {
  return [
    ...command.options.map(({ long }) => long ?? ""),
    ...command.commands.flatMap((each) => [each.name(), ...wordsOf(each)]),
  ];
}

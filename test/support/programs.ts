import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { importImage } from "@agent-substrate/sdk";
import { nodeProgramImage } from "@agent-substrate/standalone";
import type { Substrate } from "./start-substrate.ts";

/** The programs that tests run as actors. */
export const programs = {
  counter: fileURLToPath(import.meta.resolve("@agent-substrate/demo-counter/counter.js")),
  probe: resolve(import.meta.dirname, "probe-actor.js"),
} as const;

const importMs = 60_000;

/** Imports a program's image; answers its pinned reference. */
export async function importProgram(substrate: Substrate, name: keyof typeof programs): Promise<string> {
  const image = await nodeProgramImage(programs[name]);
  return importImage(
    substrate.client,
    { name, archive: image.archive() },
    { signal: AbortSignal.timeout(importMs) },
  );
}

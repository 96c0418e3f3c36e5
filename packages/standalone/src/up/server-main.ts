import { fileURLToPath } from "node:url";

/** The programs that one machine starts; each has its `main.ts` beside its `index.ts`. */
export type ServerName = "ateapi" | "atelet" | "atenet" | "ateom-gvisor";

/** Absolute path of a server's `main.ts`. */
export function serverMain(name: ServerName): string {
  return fileURLToPath(new URL("main.ts", import.meta.resolve(`@agent-substrate/${name}`)));
}

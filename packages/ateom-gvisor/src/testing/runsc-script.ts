import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runscPath } from "./test-worker.ts";

/** A program that does what `script` says on its first `create`, and else is runsc. */
export async function writeRunscScript(directory: string, script: string): Promise<string> {
  const path = join(directory, `runsc-${randomUUID()}`);
  const text = `#!/bin/sh
case " $* " in
*" create "*) mkdir "$0.done" 2>/dev/null && { ${script}; } ;;
esac
exec ${runscPath} "$@"
`;
  await writeFile(path, text, { mode: 0o755 });
  return path;
}

import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Before glibc 2.34 these are not part of libc, which loads them by name when a host or a user is looked up. */
const loadedByName = ["libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"];

/**
 * The shared libraries that this machine's dynamic linker would load for `program`, and the linker
 * itself, at the paths where they are looked for. Empty for a static program. Throws where one is
 * not found. Never for a program that nobody trusts: the linker may start it.
 */
export async function sharedLibrariesOf(program: string): Promise<string[]> {
  const output = await askLinker(program);
  const missing = librariesNotFound(output);
  if (missing.length > 0) {
    throw new Error(`${program} needs shared libraries that this machine lacks: ${missing.join(", ")}`);
  }
  const libraries = librariesIn(output);
  const libc = libraries.find((path) => path.endsWith("/libc.so.6"));
  const named =
    libc === undefined ? [] : await existing(loadedByName.map((name) => join(dirname(libc), name)));
  return [...new Set([...libraries, ...named])];
}

async function askLinker(program: string): Promise<string> {
  try {
    const { stdout } = await run("ldd", [program], { env: { ...process.env, LC_ALL: "C" } });
    return stdout;
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as NodeJS.ErrnoException & RunOutput;
    if (/not a (valid )?dynamic (executable|program)/i.test(stdout + stderr)) return "";
    if (code === "ENOENT") throw new Error("ldd is missing, which tells a program's shared libraries");
    throw new Error(`ldd ${program} failed: ${stderr.trim() || (error as Error).message}`);
  }
}

interface RunOutput {
  readonly stdout?: string;
  readonly stderr?: string;
}

/** The absolute paths in ldd's lines `name => /path (0x…)` and `/path (0x…)`. */
export function librariesIn(lddOutput: string): string[] {
  return lddOutput
    .split("\n")
    .map((line) => /(?:=> |^\s*)(\/.+) \(0x[0-9a-f]+\)$/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map(normalize);
}

/** The names in ldd's lines `name => not found`. */
export function librariesNotFound(lddOutput: string): string[] {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name = ""]) => name);
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}

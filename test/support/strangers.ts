// Brings what the back ends of `examples/` need, as their authors would: an environment for Python, a
// program built by Go. Kept in the checkout's cache folder under a key of what it was made from.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const checkout = resolve(import.meta.dirname, "../..");
const cache = join(checkout, ".substrate/strangers");
const examples = join(checkout, "examples");
/** Packages may have to be fetched, and gRPC for Go to be compiled. */
const timeoutMs = 300_000;

/** The command that starts a worker of `examples/ateom-process-python`. */
export async function preparePythonBackEnd(): Promise<string[]> {
  const source = join(examples, "ateom-process-python");
  const { stdout } = await run("python3", ["--version"]).catch(() => {
    throw new Error("there is no python3 for the back end in Python: apt-get install python3-venv");
  });
  const key = [stdout, await readFile(join(source, "requirements.txt"), "utf8")];
  const venv = await fill("venv", key, (folder) => runScript(join(source, "setup.sh"), folder));
  return ["/usr/bin/env", `PROCESS_ATEOM_VENV=${venv}`, join(source, "run")];
}

/** The command that starts a worker of `examples/ateom-go-minimal`. */
export async function prepareGoBackEnd(): Promise<string[]> {
  const source = join(examples, "ateom-go-minimal");
  const names = (await readdir(source, { recursive: true })).filter((name) => /\.(go|mod|sum)$/.test(name));
  const sources = await Promise.all(names.sort().map((name) => readFile(join(source, name), "utf8")));
  const folder = await fill("go", [...names, ...sources], async (target) => {
    await mkdir(target);
    await runScript(join(source, "build.sh"), join(target, "ateom-go-minimal"));
  });
  return [join(folder, "ateom-go-minimal")];
}

/** A folder is whole or not there: it is filled under another name and renamed. */
async function fill(
  name: string,
  key: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 16);
  const folder = join(cache, `${name}-${digest}`);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(join(cache, ".new-"));
  try {
    await make(join(beside, name));
    await rename(join(beside, name), folder).catch(async (error) => {
      // Another test file was quicker.
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

async function runScript(script: string, ...args: string[]): Promise<void> {
  const path = `${process.env.PATH}:/usr/local/go/bin`;
  await run("sh", [script, ...args], { timeout: timeoutMs, env: { ...process.env, PATH: path } });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

// A checkout to try the launcher and the set-up scripts in: the real scripts, with stand-ins for all that they would
// install, and a PATH that holds nothing else. The stand-ins write one line a call to a file.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const setup = import.meta.dirname;

/** A command that hangs is killed after this time, so that its test fails instead of hanging too. */
const RUN_LIMIT_MS = 60_000;
const pathOf = (command: string) =>
  execFileSync("sh", ["-c", `command -v ${command}`], { encoding: "utf8" }).trim();

/** The scripts also look where Go's archive installs itself; a mount that only the command sees hides that. Needs root. */
const withoutInstalledGo = existsSync("/usr/local/go")
  ? [
      pathOf("unshare"),
      "--mount",
      "sh",
      "-c",
      `${pathOf("mount")} -t tmpfs none /usr/local/go && exec "$0" "$@"`,
    ]
  : [];

/** What the scripts may call that every Debian has. */
const BASE_COMMANDS =
  "bash cat chmod chown cmp cp flock id mkdir mktemp mv readlink rm setpriv sh sha256sum stat touch uname".split(
    " ",
  );

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** Runs the command as nobody. */
  readonly withoutRoot?: boolean;
}

export interface Running {
  readonly process: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves once standard error holds the text; rejects when the command ends without it. */
  stderrHas(text: string): Promise<void>;
}

export class FakeCheckout implements AsyncDisposable {
  readonly #base: string;
  readonly #running = new Set<ChildProcess>();
  /** Its path has spaces. */
  readonly root: string;
  readonly bin: string;
  readonly cache: string;

  private constructor(base: string) {
    this.#base = base;
    this.root = join(base, "a checkout");
    this.bin = join(base, "bin");
    this.cache = join(base, "cache");
  }

  /** A checkout in which nothing is missing but the sandbox runtime. Go is nowhere, npm and apt-get fail. */
  static async create(): Promise<FakeCheckout> {
    const checkout = new FakeCheckout(await mkdtemp(join(tmpdir(), "substrate-setup-")));
    await chmod(checkout.#base, 0o755);
    await mkdir(checkout.bin);
    for (const name of BASE_COMMANDS) {
      await symlink(pathOf(name), join(checkout.bin, name));
    }
    await cp(join(dirname(setup), "substrate"), join(checkout.root, "substrate"));
    await cp(setup, join(checkout.root, "setup"), { recursive: true });
    await checkout.write("package-lock.json", "{}\n");
    await checkout.write("node_modules/.package-lock.json", "{}\n");
    await mkdir(join(checkout.root, "node_modules/.bin"));
    await symlink(process.execPath, join(checkout.root, "node_modules/.bin/node"));
    await checkout.write(
      "packages/cli/src/main.ts",
      `const told: unknown = [process.argv.slice(2), process.cwd(), process.env.SUBSTRATE_RUNSC ?? null];
       console.log(JSON.stringify(told));\n`,
    );
    await checkout.write("setup/system-packages.txt", "sh dash\n");
    await checkout.write("setup/runsc-releases.txt", "");
    await checkout.command("npm", "exit 1");
    await checkout.command("apt-get", "exit 1");
    return checkout;
  }

  async write(path: string, content: string, mode = 0o644): Promise<string> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode });
    return file;
  }

  /** Makes a named pipe: a stand-in that writes to it, or reads from it, waits until the test does the other half. */
  async pipe(name: string): Promise<string> {
    const path = join(this.#base, name);
    execFileSync("mkfifo", [path]);
    return path;
  }

  /** Puts a command on the PATH; each of its calls is noted. */
  async command(name: string, script: string): Promise<void> {
    await rm(join(this.bin, name), { force: true });
    const note = `printf '%s\\n' "${name} $*" >>'${join(this.#base, "calls")}'`;
    await writeFile(join(this.bin, name), `#!/bin/sh\n${note}\n${script}\n`, { mode: 0o755 });
  }

  /** The calls of those commands, in their order. */
  async calls(): Promise<string[]> {
    const text = await readFile(join(this.#base, "calls"), "utf8").catch(() => "");
    return text.split("\n").slice(0, -1);
  }

  /** The folders of sandbox runtimes in the cache, half-made ones included. */
  async runtimes(): Promise<string[]> {
    const names = await readdir(join(this.cache, "substrate/runsc")).catch(() => []);
    return names.filter((name) => name !== "lock");
  }

  start(command: string, args: readonly string[] = [], options: RunOptions = {}): Running {
    const line = [command, ...args];
    if (options.withoutRoot) {
      line.unshift(join(this.bin, "setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups");
    }
    line.unshift(...withoutInstalledGo);
    const [file = "", ...rest] = line;
    const child = spawn(file, rest, {
      cwd: options.cwd ?? this.root,
      env: { PATH: this.bin, XDG_CACHE_HOME: this.cache, TMPDIR: this.#base, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#running.add(child);
    const limit = setTimeout(() => this.#kill(child), RUN_LIMIT_MS).unref();
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const outcome = new Promise<Outcome>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(limit);
        this.#running.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    const stderrHas = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (stderr.includes(text)) resolve();
        };
        look();
        child.stderr.on("data", look);
        child.on("close", () => reject(new Error(`ended without "${text}": ${stderr}`)));
      });
    return { process: child, outcome, stderrHas };
  }

  run(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Outcome> {
    return this.start(command, args, options).outcome;
  }

  substrate(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.run(join(this.root, "substrate"), args, options);
  }

  #kill({ pid }: ChildProcess): void {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running) this.#kill(child);
    await rm(this.#base, { recursive: true, force: true });
  }
}

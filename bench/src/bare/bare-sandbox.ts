// One sandbox without the product around it, of the same shape: created ahead, restored, ended.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BareRunsc, runBare } from "./bare-runsc.ts";
import { bareSpec } from "./bare-spec.ts";

export interface BareSandbox extends AsyncDisposable {
  /** Returns when the command has. */
  restore(image: string): Promise<void>;
  /** Writes the image files into an empty directory, and ends the sandbox. */
  checkpoint(image: string): Promise<void>;
}

/** `spec`: what the product gave to runsc. */
export async function createBareSandbox(
  runsc: BareRunsc,
  spec: unknown,
  netnsPath: string,
): Promise<BareSandbox> {
  const id = `${randomBytes(6).toString("hex")}-00`;
  const directory = join(runsc.directory, id);
  const identity = join(directory, "identity");
  await using held = new AsyncDisposableStack();
  held.defer(() => rm(directory, { recursive: true, force: true }));
  await mkdir(identity, { recursive: true });
  const text = JSON.stringify(bareSpec(spec, { identity, netnsPath, id }));
  await writeFile(join(directory, "config.json"), text, { mode: 0o600 });
  const output = held.use(await openOutput(join(directory, "output")));
  await runBare(runsc, "create", ["-bundle", directory, id], output.fd);
  held.defer(() => runBare(runsc, "delete", ["-force", id]));
  await writeFile(join(identity, "actor-id"), "ann");
  const all = held.move();
  return {
    restore: (image) => runBare(runsc, "restore", ["-detach", "-image-path", image, id]),
    checkpoint: (image) => runBare(runsc, "checkpoint", ["-image-path", image, id]),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** The writing end of a FIFO, for that is what the image remembers as stdout and stderr. */
async function openOutput(path: string): Promise<{ fd: number } & AsyncDisposable> {
  await promisify(execFile)("mkfifo", ["-m", "0600", path], { timeout: 10_000 });
  // A FIFO opens for writing once somebody reads it. What an actor writes here fits into its buffer.
  const reader: FileHandle = await open(path, constants.O_RDWR);
  const writer = await open(path, constants.O_WRONLY);
  return {
    fd: writer.fd,
    [Symbol.asyncDispose]: async () => {
      await writer.close();
      await reader.close();
    },
  };
}

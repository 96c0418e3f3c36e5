// A restore that was begun before its image is known, so that a wake need not wait for a process to
// start. runsc opens the files of an image one after another before it turns to the sandbox
// (runsc/sandbox setRestoreOptsForLocalCheckpointFiles). Here the second is a FIFO, whose open waits
// for a writer:
//
//     checkpoint.img   opened while it holds one byte; the image's is copied into it
//     pages_meta.img   a FIFO; gets the content of the image's, which lets the open return
//     pages.img        opened after that: a link to the image's
//
// Nothing has happened to the sandbox until then: a command that was killed leaves it as created.
import { constants, openSync } from "node:fs";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { makeNamedPipe } from "./named-pipe.ts";
import {
  beginRestore,
  pagesFile,
  pagesMetadataFile,
  type Runsc,
  type RunscCall,
  restoreTimeoutMs,
  stateFile,
} from "./runsc.ts";
import type { RunningCommand } from "./runsc-command.ts";

/** What a pipe takes without a reader. Images with more are large: there the start of a process is little. */
const pipeBytesMax = 64 * 1024;

export class WaitingRestore {
  readonly #directory: string;
  readonly #command: RunningCommand;
  #metadata = Buffer.alloc(0);

  private constructor(directory: string, command: RunningCommand) {
    this.#directory = directory;
    this.#command = command;
  }

  /** Begins it for a created root container. `directory` must not exist. */
  static async begin(runsc: Runsc, call: RunscCall, directory: string): Promise<WaitingRestore> {
    await mkdir(directory, { mode: 0o700 });
    await writeFile(join(directory, stateFile), "0", { mode: 0o600 });
    await makeNamedPipe(join(directory, pagesMetadataFile));
    return new WaitingRestore(directory, beginRestore(runsc, call, directory));
  }

  /** Lays everything ready of an image but what it waits for. False where it is not of the usual files. */
  async load(imagePath: string): Promise<boolean> {
    const place = (name: string) => join(this.#directory, name);
    try {
      const [metadata] = await Promise.all([
        readFile(join(imagePath, pagesMetadataFile)),
        copyFile(join(imagePath, stateFile), place(stateFile)),
        symlink(join(imagePath, pagesFile), place(pagesFile)),
      ]);
      this.#metadata = metadata;
      return metadata.length > 0 && metadata.length <= pipeBytesMax;
    } catch {
      return false;
    }
  }

  /** Lets it go on, and returns when it has restored. False, having done nothing, where it does not wait. */
  async release(signal: AbortSignal): Promise<boolean> {
    const pipe = this.#openPipe();
    if (pipe === undefined) return false;
    const socket = new Socket({ fd: pipe, readable: false, writable: true });
    // One that reads no more ends, and is asked why.
    socket.on("error", () => socket.destroy());
    socket.end(this.#metadata);
    try {
      await this.#command.finish(restoreTimeoutMs, signal);
    } finally {
      socket.destroy();
    }
    return true;
  }

  /** Leaves the sandbox as it was created. Idempotent. Only while it has not been released. */
  async cancel(): Promise<void> {
    await this.#command.kill();
  }

  /** Undefined where nobody waits at the other end: it has not come so far, or has ended. */
  #openPipe(): number | undefined {
    try {
      const path = join(this.#directory, pagesMetadataFile);
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENXIO") return undefined;
      throw error;
    }
  }
}

// What is asked of a sandbox by its control socket instead of a runsc process: whether it lives, and
// how a container ended. `runsc wait` tells the same for one more process an actor (20 MiB resident,
// and a tenth of a wake's processor time); should the protocol change, only the exit code is lost,
// since the end of the connection tells the end of the sandbox by itself.
import { connect, type Socket } from "node:net";

/** How a process ended; neither field where that is not known. */
export interface ExitStatus {
  readonly code?: number;
  readonly signal?: number;
}

/** An open connection to a sandbox. */
export interface SandboxConnection {
  /** Settles when the sandbox's process has ended, or `close` was called. Never rejects. */
  readonly ended: Promise<void>;
  readonly isOpen: boolean;
  /** One call a connection. Answers with an empty status when the sandbox ends without telling. */
  waitForExit(containerId: string): Promise<ExitStatus>;
  close(): void;
}

const answerBytesMax = 64 * 1024;

/** Connects to the first path that answers. */
export async function connectToSandbox(socketPaths: readonly string[]): Promise<SandboxConnection> {
  let failure: unknown;
  for (const path of socketPaths) {
    try {
      return new Connection(await open(path));
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

class Connection implements SandboxConnection {
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  #answer = "";

  constructor(socket: Socket) {
    this.#socket = socket;
    this.ended = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => socket.destroy()); // "close" follows and tells
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      this.#answer += text;
      if (this.#answer.length > answerBytesMax) socket.destroy();
    });
    socket.on("end", () => socket.destroy());
    // A sandbox outlives this process where it must; it never keeps it alive.
    socket.unref();
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  async waitForExit(containerId: string): Promise<ExitStatus> {
    this.#socket.write(JSON.stringify({ method: "containerManager.Wait", arg: containerId }));
    await new Promise<void>((resolve) => {
      this.#socket.on("data", () => this.#isAnswered() && resolve());
      void this.ended.then(resolve);
    });
    return parseAnswer(this.#answer);
  }

  close(): void {
    this.#socket.destroy();
  }

  #isAnswered(): boolean {
    try {
      JSON.parse(this.#answer);
      return true;
    } catch {
      return false;
    }
  }
}

function parseAnswer(text: string): ExitStatus {
  try {
    const answer = JSON.parse(text) as { success?: unknown; result?: unknown };
    if (answer.success === true && typeof answer.result === "number") return parseWaitStatus(answer.result);
  } catch {
    // Not answered: the sandbox ended first.
  }
  return {};
}

/** As wait(2) encodes it. */
function parseWaitStatus(status: number): ExitStatus {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff } : { signal };
}

import type { SubstrateClient } from "@agent-substrate/sdk";
import type { CallOptions } from "@connectrpc/connect";
import type { Command } from "commander";
import type { CliIo } from "./cli-io.ts";
import { CliFailure } from "./failure.ts";

/** What a command has while it runs. */
export interface Session {
  readonly client: SubstrateClient;
  readonly endpoint: string;
  /** For calls that answer once: with the deadline of --timeout. */
  readonly call: CallOptions;
}

/** What commands are made with. */
export interface Context {
  readonly io: CliIo;
  readonly signal: AbortSignal;
  print(text: string): void;
  /** Connects as the global options say, runs `use`, and disconnects. */
  withSession(command: Command, use: (session: Session) => Promise<void>): Promise<void>;
}

interface GlobalOptions {
  readonly endpoint: string;
  readonly tokenFile?: string;
  readonly timeout: number;
}

export function createContext(io: CliIo, signal: AbortSignal): Context {
  return {
    io,
    signal,
    print: (text) => void io.stdout.write(`${text}\n`),
    async withSession(command, use) {
      const { endpoint, tokenFile, timeout } = command.optsWithGlobals<GlobalOptions>();
      const token = tokenFile === undefined ? io.env.SUBSTRATE_TOKEN : await readToken(tokenFile);
      const { createSubstrateClient } = await import("@agent-substrate/sdk");
      using client = openClient(() => createSubstrateClient({ endpoint, ...(token && { token }) }));
      await use({ client, endpoint: client.endpoint, call: { timeoutMs: timeout * 1000, signal } });
    },
  };
}

function openClient(open: () => SubstrateClient): SubstrateClient {
  try {
    return open();
  } catch (error) {
    throw new CliFailure(`--endpoint (SUBSTRATE_ENDPOINT): ${(error as Error).message}`, 2);
  }
}

async function readToken(file: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliFailure(`--token-file (SUBSTRATE_TOKEN_FILE): cannot read ${file} (${code})`, 2);
  }
}

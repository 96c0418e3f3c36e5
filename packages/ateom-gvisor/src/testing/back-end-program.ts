// The back end as the program that a node supervisor starts, in a pod's network namespace.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ateom, contractPaths, extensions } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { type Client, createClient } from "@connectrpc/connect";
import type { TestNetwork } from "./network.ts";

const mainFile = fileURLToPath(new URL("../main.ts", import.meta.url));

export interface BackEndProgram {
  readonly process: ChildProcess;
  readonly ateom: Client<typeof ateom.Ateom>;
  readonly extensions: Client<typeof extensions.AteomExtensions>;
  /** Objects that came on its stdout. */
  readonly output: Record<string, unknown>[];
  /** Ends it and returns when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts it for one worker; returns when its socket answers. */
export async function startBackEndProgram(
  basePath: string,
  uid: string,
  pod: TestNetwork,
): Promise<BackEndProgram> {
  const child = spawn("nsenter", [`--net=${pod.netnsPath}`, process.execPath, mainFile, `--pod-uid=${uid}`], {
    env: { PATH: process.env.PATH, ATE_BASE_PATH: basePath },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  const output: Record<string, unknown>[] = [];
  createInterface(child.stdout).on("line", (line) => output.push(JSON.parse(line)));
  const exited = once(child, "exit");
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stderr).on("line", (line) => {
      log.push(line);
      if (line.includes("worker-open")) resolve();
    });
    child.once("exit", () => reject(new Error(`the back end ended: ${log.join("\n")}`)));
  });
  const { socket } = contractPaths(basePath).ateom(uid);
  await access(socket);
  const transport = rpcTransport(`unix:${socket}`, { protocol: "grpc" });
  return {
    process: child,
    ateom: createClient(ateom.Ateom, transport),
    extensions: createClient(extensions.AteomExtensions, transport),
    output,
    async end(signal) {
      transport.close();
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}

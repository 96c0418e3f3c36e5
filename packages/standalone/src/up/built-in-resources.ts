import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pathToFileURL } from "node:url";
import type { JsonObject } from "@bufbuild/protobuf";
import { serverMain } from "./server-main.ts";

export interface BuiltInResourceOptions {
  /** Absolute path of the gVisor runtime. */
  readonly runsc: string;
  readonly workers: number;
}

/** Workers that one back-end process serves on one machine. */
const workersPerProcess = 16;

/** What a fresh machine offers without a resource file: the class `gvisor` and one pool of it. */
export async function builtInResources(options: BuiltInResourceOptions): Promise<JsonObject[]> {
  const runsc = {
    url: pathToFileURL(options.runsc).href,
    sha256: await sha256OfFile(options.runsc),
  };
  return [
    {
      apiVersion: "ate.dev/v1alpha1",
      kind: "SandboxConfig",
      metadata: { name: "gvisor" },
      spec: {
        sandboxClass: "gvisor",
        default: true,
        assets: { [architecture()]: { runsc } },
        localCommand: [process.execPath, serverMain("ateom-gvisor")],
        workersPerProcess,
      },
    },
    {
      apiVersion: "ate.dev/v1alpha1",
      kind: "WorkerPool",
      metadata: { name: "gvisor", namespace: "default" },
      spec: { sandboxClass: "gvisor", replicas: options.workers },
    },
  ];
}

/** This machine's, as images and assets name it. */
export function architecture(): "amd64" | "arm64" {
  if (process.arch === "x64") return "amd64";
  if (process.arch === "arm64") return "arm64";
  throw new Error(`sandboxes need x86-64 or arm64; this machine is ${process.arch}`);
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest("hex");
}

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { JsonObject } from "@bufbuild/protobuf";
import { type CounterTemplateOptions, counterTemplate } from "./counter-template.ts";
import type { Substrate } from "./start-substrate.ts";
import { prepareGoBackEnd, preparePythonBackEnd } from "./strangers.ts";

/** Classes whose back ends are under `examples/`. */
export type StrangerClass = "process-python" | "go-minimal";

const apiVersion = "ate.dev/v1alpha1";

/** Deploys both classes by resources alone, with two workers each. */
export async function deployStrangers(substrate: Substrate): Promise<void> {
  const [python, go, runsc] = await Promise.all([preparePythonBackEnd(), prepareGoBackEnd(), runscAsset()]);
  await deployClass(substrate, "process-python", { localCommand: python });
  const assets = { [process.arch === "arm64" ? "arm64" : "amd64"]: { runsc } };
  await deployClass(substrate, "go-minimal", { localCommand: go, fixedBasePath: true, assets });
}

/** A template of the counter with a durable directory, which keeps what the class can. */
export function strangerTemplate(
  sandboxClass: StrangerClass,
  options: Omit<CounterTemplateOptions, "durable" | "onPause" | "onCommit">,
): JsonObject {
  const kept = sandboxClass === "process-python" ? "Data" : "Full";
  const template = counterTemplate({ ...options, durable: true, onPause: kept, onCommit: kept });
  return { ...template, spec: { ...(template.spec as JsonObject), sandboxClass } };
}

async function deployClass(
  substrate: Substrate,
  sandboxClass: StrangerClass,
  config: JsonObject,
): Promise<void> {
  const objects: JsonObject[] = [
    {
      apiVersion,
      kind: "SandboxConfig",
      metadata: { name: sandboxClass },
      spec: { sandboxClass, default: true, ...config },
    },
    {
      apiVersion,
      kind: "WorkerPool",
      metadata: { name: sandboxClass, namespace: "default" },
      spec: { sandboxClass, replicas: 2 },
    },
  ];
  for (const object of objects) await substrate.client.resources.applyResource({ object });
}

async function runscAsset(): Promise<JsonObject> {
  const path = process.env.SUBSTRATE_RUNSC;
  if (!path) throw new Error("SUBSTRATE_RUNSC names no runsc: run this as setup/run-tests.sh does");
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  return { url: pathToFileURL(path).href, sha256 };
}

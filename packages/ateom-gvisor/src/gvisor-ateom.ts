// The back end of class `gvisor`.
import { arch } from "node:process";
import type { SandboxBackEnd } from "@agent-substrate/ateom-kit";
import { GvisorWorker } from "./gvisor-worker.ts";
import { RunscVersions } from "./runsc-versions.ts";

/** A back end that runs actors in gVisor, with the `runsc` that each call names. */
export function createGvisorBackEnd(): SandboxBackEnd {
  const versions = new RunscVersions();
  return {
    sandboxClass: "gvisor",
    requiredAssets: ["runsc"],
    capabilities: { scopes: ["full", "data"], severalContainers: true },
    // An image holds the registers and instruction set of its processor; runsc itself compares its features.
    hardwareKey: arch,
    openWorker: (context) => GvisorWorker.open(context, versions),
  };
}

// What a pool's resource says that its workers need of their node. Here a back end sees the machine's own
// devices and paths and has all rights of root, so a need is either met already or cannot be met.
import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { nodes } from "@agent-substrate/contract";
import { hasCapability } from "./capabilities.ts";

export interface WorkerNeeds {
  readonly devices: readonly { readonly path: string; readonly type: "character" | "block" }[];
  readonly paths: readonly string[];
  /** Without `CAP_`. */
  readonly capabilities: readonly string[];
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly hasNodeAffinity: boolean;
}

export function parseNeeds(needs: nodes.WorkerNeeds | undefined): WorkerNeeds {
  return {
    devices: (needs?.devices ?? []).map(({ path, type }) => ({
      path,
      type: type === nodes.HostDevice_Type.BLOCK ? "block" : "character",
    })),
    paths: (needs?.paths ?? []).map(({ path }) => path),
    capabilities: needs?.capabilities ?? [],
    nodeLabels: needs?.nodeLabels ?? {},
    hasNodeAffinity: needs?.nodeAffinity ?? false,
  };
}

/** Labels of this node, by the names that Kubernetes gives them. */
export function nodeLabels(architecture: string): Readonly<Record<string, string>> {
  return {
    "kubernetes.io/arch": architecture,
    "kubernetes.io/os": "linux",
    "kubernetes.io/hostname": hostname(),
  };
}

/** Rejects with all that this node lacks, each by the field of the WorkerPool that asks for it. */
export async function demandNeeds(
  needs: WorkerNeeds,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const lacking = [
    ...(await lackingDevices(needs)),
    ...(await lackingPaths(needs)),
    ...(await lackingCapabilities(needs)),
    ...Object.entries(needs.nodeLabels).flatMap(([name, value]) => lackingLabel(name, value, labels)),
    ...(needs.hasNodeAffinity ? ["nodeAffinity: only a cluster can judge it; use nodeSelector here"] : []),
  ];
  if (lacking.length > 0)
    throw new Error(`this node lacks what spec.template asks for: ${lacking.join("; ")}`);
}

async function lackingDevices({ devices }: WorkerNeeds): Promise<string[]> {
  const lacking: string[] = [];
  for (const { path, type } of devices) {
    const found = await stat(path).catch(() => undefined);
    const isRight = type === "character" ? found?.isCharacterDevice() : found?.isBlockDevice();
    if (!isRight)
      lacking.push(`hostDevices: ${path} ${found ? `is no ${type} device` : "is not on this machine"}`);
  }
  return lacking;
}

async function lackingPaths({ paths }: WorkerNeeds): Promise<string[]> {
  const lacking: string[] = [];
  for (const path of paths) {
    if (!(await stat(path).catch(() => undefined))) lacking.push(`hostPaths: ${path} is not on this machine`);
  }
  return lacking;
}

async function lackingCapabilities({ capabilities }: WorkerNeeds): Promise<string[]> {
  if (capabilities.length === 0) return [];
  const status = await readFile("/proc/self/status", "utf8");
  return capabilities.flatMap((name) => {
    const has = hasCapability(status, name);
    if (has) return [];
    return [`capabilities: ${name} ${has === undefined ? "is no capability" : "is not this process's"}`];
  });
}

function lackingLabel(name: string, value: string, labels: Readonly<Record<string, string>>): string[] {
  const present = labels[name];
  if (present === value) return [];
  const why = present === undefined ? `has no label ${name}` : `has ${name}=${present}`;
  return [`nodeSelector: ${name}=${value}, and this node ${why}`];
}

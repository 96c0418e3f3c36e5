// Writes bundles as a node supervisor writes them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ActorPaths } from "@agent-substrate/contract";

export interface BundleOptions {
  readonly rootfs: string;
  readonly netnsPath: string;
  /** A file that is mounted as /etc/resolv.conf. */
  readonly resolvConf: string;
  /** Container name -> arguments. */
  readonly containers: Readonly<Record<string, readonly string[]>>;
  /** Whether there is a pause bundle. Default: no. */
  readonly isPod?: boolean;
  /** Mounted as /data in each container. */
  readonly volume?: string;
  readonly env?: readonly string[];
}

const capabilities = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];
const criPrefix = "io.kubernetes.cri.";

/** Writes the identity and all bundles of an actor. */
export async function writeActor(paths: ActorPaths, actorId: string, options: BundleOptions): Promise<void> {
  for (const directory of [paths.identity, paths.checkpoint, paths.restore]) {
    await mkdir(directory, { recursive: true });
  }
  await writeFile(join(paths.identity, "actor-id"), actorId);
  if (options.volume) await mkdir(paths.durableDir(options.volume), { recursive: true });
  if (options.isPod) await writeBundle(paths.bundle("pause"), pauseSpec(paths, options));
  for (const [name, args] of Object.entries(options.containers)) {
    await writeBundle(paths.bundle(name), containerSpec(paths, name, args, options));
  }
}

async function writeBundle(directory: string, spec: object): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "config.json"), JSON.stringify(spec));
}

function pauseSpec(paths: ActorPaths, options: BundleOptions): object {
  const annotations: Record<string, string> = {
    [`${criPrefix}container-type`]: "sandbox",
    [`${criPrefix}container-name`]: "pause",
  };
  if (options.volume) {
    const prefix = "dev.gvisor.spec.mount.durabledir.";
    annotations[`${prefix}type`] = "bind";
    annotations[`${prefix}share`] = "container";
    annotations[`${prefix}source`] = paths.durableDir(options.volume);
  }
  return { ...baseSpec(["/pause"], options), mounts: systemMounts, annotations };
}

function containerSpec(paths: ActorPaths, name: string, args: readonly string[], options: BundleOptions) {
  const bind = (source: string, destination: string, mode: "ro" | "rw") => ({
    destination,
    type: "bind",
    source,
    options: ["rbind", mode],
  });
  return {
    ...baseSpec(args, options),
    mounts: [
      ...systemMounts,
      bind(paths.identity, "/run/ate", "ro"),
      bind(options.resolvConf, "/etc/resolv.conf", "ro"),
      ...(options.volume ? [bind(paths.durableDir(options.volume), "/data", "rw")] : []),
    ],
    annotations: {
      [`${criPrefix}container-type`]: "container",
      [`${criPrefix}container-name`]: name,
      [`${criPrefix}sandbox-id`]: "pause",
    },
  };
}

function baseSpec(args: readonly string[], options: BundleOptions): object {
  return {
    ociVersion: "1.1.0",
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args,
      env: ["PATH=/bin", ...(options.env ?? [])],
      cwd: "/",
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    },
    root: { path: options.rootfs, readonly: false },
    hostname: "runsc",
    linux: {
      namespaces: [
        ...["pid", "ipc", "uts", "mount"].map((type) => ({ type })),
        { type: "network", path: options.netnsPath },
      ],
    },
  };
}

const systemMounts = [
  { destination: "/proc", type: "proc", source: "proc" },
  { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"] },
  { destination: "/dev/pts", type: "devpts", source: "devpts", options: ["nosuid", "noexec"] },
  { destination: "/dev/shm", type: "tmpfs", source: "shm", options: ["nosuid", "noexec", "nodev"] },
  { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"] },
];

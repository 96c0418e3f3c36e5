// What a node supervisor writes for an actor before each start: identity, durable directory, and one
// OCI bundle a container.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContractPaths } from "@agent-substrate/contract";
import { probeCommand } from "../probe/probe-image.ts";
import { type Actor, volumeMountPath, volumeName } from "./actor.ts";

export interface BundlePlace {
  /** The unpacked image of the probe, which all actors share. */
  readonly image: string;
  /** Mounted as /etc/resolv.conf. */
  readonly resolvConf: string;
  /** The base path as the back end sees it. */
  readonly seenPaths: ContractPaths;
  /** The worker's namespace for actors. */
  readonly netnsPath: string;
}

const pauseName = "pause";
const capabilities = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_KILL",
  "CAP_NET_BIND_SERVICE",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
];
const kernelMounts = [
  { destination: "/proc", type: "proc", source: "proc" },
  { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755"] },
  { destination: "/dev/pts", type: "devpts", source: "devpts", options: ["nosuid", "noexec"] },
  { destination: "/dev/shm", type: "tmpfs", source: "shm", options: ["nosuid", "noexec", "nodev"] },
  { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"] },
];

/** Writes everything anew; nothing of an earlier start of the same actor stays. */
export async function writeActorFiles(actor: Actor, place: BundlePlace): Promise<void> {
  const { paths, key } = actor;
  await rm(paths.directory, { recursive: true, force: true });
  await mkdir(paths.identity, { recursive: true, mode: 0o755 });
  await mkdir(paths.checkpoint, { recursive: true, mode: 0o755 });
  await mkdir(paths.restore, { recursive: true, mode: 0o755 });
  await writeFile(join(paths.identity, "actor-id"), key.actorId, { mode: 0o644 });
  if (actor.isDurable) await mkdir(paths.durableDir(volumeName), { recursive: true, mode: 0o755 });
  const isPod = actor.containers.length > 1;
  const names = [...(isPod ? [pauseName] : []), ...actor.containers.map(({ name }) => name)];
  for (const name of names) {
    await mkdir(paths.bundle(name), { recursive: true, mode: 0o700 });
    const spec = ociSpec(actor, name, place, isPod);
    await writeFile(join(paths.bundle(name), "config.json"), JSON.stringify(spec), { mode: 0o600 });
  }
}

function ociSpec(actor: Actor, name: string, place: BundlePlace, isPod: boolean): object {
  const container = actor.containers.find((one) => one.name === name);
  const { cwd = "/", user = { uid: 0, gid: 0 }, args = [], command = probeCommand } = actor.process;
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: container ? user : { uid: 0, gid: 0 },
      args: container ? [...command, ...args] : ["/pause"],
      env: envOf(actor, name),
      cwd: container ? cwd : "/",
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: false,
    },
    root: { path: place.image, readonly: false },
    hostname: "runsc",
    mounts: [...kernelMounts, ...(container ? appMounts(actor, place, container.isDurable) : [])],
    linux: {
      namespaces: [
        ...["pid", "ipc", "uts", "mount"].map((type) => ({ type })),
        { type: "network", path: place.netnsPath },
      ],
    },
    annotations: {
      "io.kubernetes.cri.container-type": isPod && container ? "container" : "sandbox",
      "io.kubernetes.cri.container-name": name,
      "io.kubernetes.cri.sandbox-id": actor.key.actorId,
      ...(!container && actor.isDurable && durableAnnotations(actor, place)),
    },
  };
}

function envOf(actor: Actor, name: string): string[] {
  const container = actor.containers.find((one) => one.name === name);
  const variables = {
    PATH: "/bin",
    HOME: "/root",
    PROBE_ACTOR: actor.key.actorId,
    ...(container?.isDurable && { PROBE_DURABLE: "1" }),
    ...container?.env,
  };
  return Object.entries(variables).map(([key, value]) => `${key}=${value}`);
}

function appMounts(actor: Actor, place: BundlePlace, isDurable: boolean): object[] {
  const seen = place.seenPaths.actor(actor.key);
  const bind = (source: string, destination: string, options: string[]) => ({
    destination,
    type: "bind",
    source,
    options,
  });
  return [
    bind(seen.identity, "/run/ate", ["bind", "ro"]),
    bind(place.resolvConf, "/etc/resolv.conf", ["bind", "ro"]),
    ...(isDurable ? [bind(seen.durableDir(volumeName), volumeMountPath, ["rbind", "rw"])] : []),
  ];
}

function durableAnnotations(actor: Actor, place: BundlePlace): Record<string, string> {
  const prefix = "dev.gvisor.spec.mount.durabledir";
  return {
    [`${prefix}.type`]: "bind",
    [`${prefix}.share`]: "container",
    [`${prefix}.source`]: place.seenPaths.actor(actor.key).durableDir(volumeName),
  };
}

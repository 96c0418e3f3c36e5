import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ActorPaths } from "@agent-substrate/contract";
import { pauseContainer } from "../actors/workload.ts";
import { type BundleShape, type ContainerShape, durableVolumes, type MountSource } from "./bundle-shape.ts";

/** Where a bundle is written, and what of it belongs to this place. */
export interface BundlePlace {
  readonly actor: ActorPaths;
  readonly actorId: string;
  /** Path of the worker's namespace for actors. */
  readonly netnsPath: string;
  /** The file that every actor of this node finds as its `/etc/resolv.conf`. */
  readonly resolvConf: string;
  /** The unpacked image of a container of the shape. */
  rootPath(container: ContainerShape): string;
  /** What the back end calls a path of this node. */
  seen(path: string): string;
  /** `NAME=value` entries of a container of the shape. */
  env(container: ContainerShape): readonly string[];
}

/** Writes identity, durable directories and one OCI bundle a container. */
export async function writeBundles(shape: BundleShape, place: BundlePlace): Promise<void> {
  await Promise.all([
    writeIdentity(place),
    ...durableVolumes(shape).map((volume) =>
      mkdir(place.actor.durableDir(volume), { recursive: true, mode: 0o755 }),
    ),
    ...shape.containers.map((container) => writeBundle(shape, container, place)),
  ]);
}

async function writeBundle(shape: BundleShape, container: ContainerShape, place: BundlePlace): Promise<void> {
  const directory = place.actor.bundle(container.name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const spec = JSON.stringify(ociSpec(shape, container, place));
  await writeFile(join(directory, "config.json"), spec, { mode: 0o600 });
}

async function writeIdentity({ actor, actorId }: BundlePlace): Promise<void> {
  await mkdir(actor.identity, { mode: 0o755 });
  // The directory is new and nobody's yet, so writing is as atomic as renaming.
  await writeFile(join(actor.identity, "actor-id"), actorId, { mode: 0o644 });
}

function ociSpec(shape: BundleShape, container: ContainerShape, place: BundlePlace): object {
  const { capabilities } = container;
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: withoutEmptyLists(container.user),
      args: container.args,
      env: place.env(container),
      cwd: container.cwd,
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: false,
    },
    root: { path: place.seen(place.rootPath(container)), readonly: container.readonlyRoot },
    hostname: shape.hostname,
    mounts: container.mounts.map(({ destination, type, options, source }) =>
      withoutEmptyLists({ destination, type, source: mountSource(source, place), options }),
    ),
    linux: {
      namespaces: [
        { type: "pid" },
        { type: "ipc" },
        { type: "uts" },
        { type: "mount" },
        { type: "network", path: place.netnsPath },
      ],
    },
    annotations: {
      ...container.annotations,
      "io.kubernetes.cri.sandbox-id": place.actorId,
      ...(container.name === pauseContainer && durableAnnotations(shape, place)),
    },
  };
}

function mountSource(source: MountSource, place: BundlePlace): string {
  switch (source.kind) {
    case "kernel":
      return source.name;
    case "identity":
      return place.seen(place.actor.identity);
    case "resolv-conf":
      return place.seen(place.resolvConf);
    case "durable-dir":
      return place.seen(place.actor.durableDir(source.volume));
  }
}

/** Tells gVisor that the containers of the pod share the directory. A template has one at most. */
function durableAnnotations(shape: BundleShape, place: BundlePlace): Record<string, string> {
  const [volume] = durableVolumes(shape);
  if (volume === undefined) return {};
  const prefix = "dev.gvisor.spec.mount.durabledir";
  return {
    [`${prefix}.type`]: "bind",
    [`${prefix}.share`]: "container",
    [`${prefix}.source`]: place.seen(place.actor.durableDir(volume)),
  };
}

/** A runtime written in Go stores an empty list as none, and at a restore tells the two apart. */
function withoutEmptyLists<T extends object>(value: T): Partial<T> {
  const kept = Object.entries(value).filter(([, entry]) => !Array.isArray(entry) || entry.length > 0);
  return Object.fromEntries(kept) as Partial<T>;
}

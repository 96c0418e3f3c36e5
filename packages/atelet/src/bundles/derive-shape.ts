import { InvalidInput } from "@agent-substrate/contract";
import { pauseContainer, type Workload, type WorkloadContainer } from "../actors/workload.ts";
import type { ResolvedImage } from "../images/image-store.ts";
import type { BundleShape, ContainerShape, MountShape } from "./bundle-shape.ts";

/** Finds the image of a container that the field names. */
export type ResolveImage = (field: string, reference: string) => Promise<ResolvedImage>;

/** The older programs' name for every actor's host. */
const hostname = "runsc";

/** What containers of the usual runtimes hold. */
const capabilities = [
  "CAP_AUDIT_WRITE",
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_MKNOD",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_RAW",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
];

const kernelMounts: readonly MountShape[] = [
  mount("/proc", "proc", "proc", []),
  mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
  mount("/dev/pts", "devpts", "devpts", [
    "nosuid",
    "noexec",
    "newinstance",
    "ptmxmode=0666",
    "mode=0620",
    "gid=5",
  ]),
  mount("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
  mount("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
];

const appMounts: readonly MountShape[] = [
  { destination: "/run/ate", type: "bind", options: ["bind", "ro"], source: { kind: "identity" } },
  { destination: "/etc/resolv.conf", type: "bind", options: ["bind", "ro"], source: { kind: "resolv-conf" } },
];

/** The shape of a workload that is booted now. */
export async function deriveShape(workload: Workload, resolve: ResolveImage): Promise<BundleShape> {
  const layout = workload.pauseImage === undefined ? "single" : "pod";
  const containers: ContainerShape[] = [];
  if (workload.pauseImage !== undefined) {
    containers.push(pauseShape(workload.pauseImage, await resolve("spec.pause_image", workload.pauseImage)));
  }
  for (const [position, container] of workload.containers.entries()) {
    const field = `spec.containers[${position}]`;
    const image = await resolve(`${field}.image`, container.image);
    containers.push(appShape(field, container, image, layout === "single" ? "sandbox" : "container"));
  }
  return { layout, hostname, containers };
}

function appShape(
  field: string,
  container: WorkloadContainer,
  image: ResolvedImage,
  containerType: string,
): ContainerShape {
  const { config, user } = image;
  const args = container.command.length > 0 ? container.command : [...config.entrypoint, ...config.command];
  if (args.length === 0) {
    throw new InvalidInput(`${field}.command`, "is required: the image has neither ENTRYPOINT nor CMD");
  }
  const durable: MountShape[] = container.mounts.map(({ volume, mountPath }) => ({
    destination: mountPath,
    type: "bind",
    options: ["rbind", "rw"],
    source: { kind: "durable-dir", volume },
  }));
  return {
    name: container.name,
    image: { reference: container.image, digest: image.digest },
    args,
    cwd: config.workingDir,
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    capabilities,
    readonlyRoot: false,
    mounts: [...kernelMounts, ...appMounts, ...durable],
    annotations: annotations(container.name, containerType),
  };
}

function pauseShape(reference: string, image: ResolvedImage): ContainerShape {
  return {
    name: pauseContainer,
    image: { reference, digest: image.digest },
    args: ["/pause"],
    cwd: "/",
    user: { uid: 0, gid: 0, additionalGids: [] },
    capabilities,
    readonlyRoot: false,
    mounts: kernelMounts,
    annotations: annotations(pauseContainer, "sandbox"),
  };
}

function annotations(name: string, containerType: string): Record<string, string> {
  return {
    "io.kubernetes.cri.container-type": containerType,
    "io.kubernetes.cri.container-name": name,
  };
}

function mount(destination: string, type: string, name: string, options: readonly string[]): MountShape {
  return { destination, type, options, source: { kind: "kernel", name } };
}

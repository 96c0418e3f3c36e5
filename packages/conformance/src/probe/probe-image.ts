import { chmod, copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { baseFiles, completeFiles, hostProgramFiles, type ImageFile } from "@agent-substrate/sdk/images";

const probeSource = fileURLToPath(new URL("./probe.mjs", import.meta.url));
const nodePath = "/bin/node";

/** What the probe's bundles start. */
export const probeCommand = [nodePath, "/probe.mjs"] as const;

/** Writes the probe's root file system, which all actors share as they share an image's on a node: Node.js of this machine, its libraries, and a `/pause`. */
export async function writeProbeImage(directory: string): Promise<void> {
  const [node, tail] = await Promise.all([
    hostProgramFiles(process.execPath, { at: nodePath }),
    hostProgramFiles("tail", { at: "/bin/tail" }),
  ]);
  const own: ImageFile[] = [
    { kind: "copy", path: "probe.mjs", mode: 0o644, source: probeSource },
    // It follows itself, without end and without using the processor.
    { kind: "text", path: "pause", mode: 0o755, text: "#!/bin/tail -f\n" },
    { kind: "directory", path: "var", mode: 0o755 },
    { kind: "directory", path: "run/ate", mode: 0o755 },
    { kind: "directory", path: "durable", mode: 0o755 },
    { kind: "text", path: "etc/resolv.conf", mode: 0o644, text: "" },
  ];
  for (const file of completeFiles([...baseFiles, ...node.files, ...tail.files, ...own])) {
    await writeImageFile(directory, file);
  }
}

async function writeImageFile(directory: string, file: ImageFile): Promise<void> {
  const path = join(directory, file.path);
  await mkdir(dirname(path), { recursive: true });
  switch (file.kind) {
    case "directory":
      await mkdir(path, { recursive: true });
      break;
    case "link":
      await symlink(file.target, path);
      return;
    case "text":
      await writeFile(path, file.text);
      break;
    case "copy":
      await copyFile(file.source, path);
      break;
  }
  await chmod(path, file.mode);
}

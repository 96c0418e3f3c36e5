import { constants } from "node:fs";
import { access, open, realpath, stat } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import type { ImageFile } from "./image-files.ts";
import { sharedLibrariesOf } from "./shared-libraries.ts";

/** A program of this machine as files of an image. */
export interface HostProgram {
  /** Where it lies in the image: absolute, and the same as on this machine unless `at` says otherwise. */
  readonly path: string;
  /** The program, its shared libraries and the dynamic linker; nothing else that it may read. */
  readonly files: readonly ImageFile[];
}

export interface HostProgramOptions {
  /** Absolute path in the image. Default: where the program was found, and where that leads by links. */
  readonly at?: string;
  /** Where a bare name is looked for; default `PATH`. */
  readonly searchPath?: string;
}

/**
 * What an image needs to run a program of this machine, given by path or, without `/`, by name.
 * Throws where it is not found, no executable file, or a script: a script needs its interpreter, and
 * itself lies in the image's folder.
 */
export async function hostProgramFiles(
  program: string,
  options: HostProgramOptions = {},
): Promise<HostProgram> {
  const found = program.includes("/")
    ? resolve(program)
    : await findOnPath(program, options.searchPath ?? process.env.PATH ?? "");
  const source = await realpath(found);
  await refuseScript(source);
  const path = options.at ?? found;
  const place = options.at ?? source;
  const own: ImageFile = { kind: "copy", path: place.slice(1), mode: 0o755, source };
  const link: ImageFile = { kind: "link", path: path.slice(1), target: place };
  const libraries = await Promise.all((await sharedLibrariesOf(source)).map(copyOfLibrary));
  return { path, files: [own, ...(path === place ? [] : [link]), ...libraries] };
}

/** `PATH` for programs that lie at these paths: their folders, before those where programs usually lie. */
export function searchPathOf(programPaths: readonly string[]): string {
  const usual = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  const own = programPaths.map((path) => dirname(path)).filter((folder) => !usual.includes(folder));
  return [...new Set([...own, ...usual])].join(delimiter);
}

async function findOnPath(name: string, searchPath: string): Promise<string> {
  for (const folder of searchPath.split(delimiter).filter(Boolean)) {
    const path = resolve(join(folder, name));
    if (await isExecutableFile(path)) return path;
  }
  throw new Error(`there is no program ${name} in the folders of PATH`);
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function refuseScript(path: string): Promise<void> {
  if (!(await isExecutableFile(path))) throw new Error(`${path} is no executable file`);
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(128), position: 0 });
  const [firstLine = ""] = buffer.toString("latin1", 0, bytesRead).split("\n");
  if (!firstLine.startsWith("#!")) return;
  throw new Error(
    `${path} is a script (${firstLine}): put it into the image's folder, and add its interpreter`,
  );
}

/** At the path where the linker looks for it, whatever links lead there on this machine. */
async function copyOfLibrary(path: string): Promise<ImageFile> {
  return { kind: "copy", path: path.slice(1), mode: 0o755, source: await realpath(path) };
}

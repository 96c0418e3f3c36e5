import {
  baseFiles,
  combineFiles,
  type HostProgram,
  hostProgramFiles,
  type ImageContents,
  readFolder,
  searchPathOf,
} from "@agent-substrate/sdk/images";
import type { CliIo } from "../cli-io.ts";

export interface BuildOptions {
  readonly entrypoint: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Programs of this machine, by path or name. */
  readonly program?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
}

/** What an image is made of; tells on stderr what of this machine goes into it. */
export async function collectContents(
  folder: string,
  { entrypoint, env = {}, program = [], workdir, user }: BuildOptions,
  { stderr }: CliIo,
): Promise<ImageContents> {
  const own = await readFolder(folder);
  const programs: HostProgram[] = [];
  for (const name of program) {
    const found = await hostProgramFiles(name);
    stderr.write(`program ${name}: ${found.path}, ${found.files.length} files\n`);
    programs.push(found);
  }
  const withPrograms = programs.length > 0;
  return {
    files: withPrograms
      ? combineFiles(
          own,
          programs.flatMap(({ files }) => files),
          baseFiles,
        )
      : own,
    entrypoint,
    // So that a program is found by its name; who says PATH knows better.
    env: withPrograms ? { PATH: searchPathOf(programs.map(({ path }) => path)), ...env } : env,
    ...(workdir !== undefined && { workingDir: workdir }),
    ...(user !== undefined && { user }),
  };
}

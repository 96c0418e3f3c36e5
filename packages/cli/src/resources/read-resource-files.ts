import type { ResourceObject } from "@agent-substrate/contract";
import type { CliIo } from "../cli-io.ts";
import { CliFailure } from "../failure.ts";

/** The resources of all files, in their order; `-` is stdin. Nothing is sent unless all of it is right. */
export async function readResourceFiles(files: readonly string[], io: CliIo): Promise<ResourceObject[]> {
  const { InvalidInput, parseYamlResources } = await import("@agent-substrate/contract");
  const resources: ResourceObject[] = [];
  for (const file of files) {
    const text = file === "-" ? await readAll(io.stdin) : await readText(file);
    const name = file === "-" ? "stdin" : file;
    try {
      resources.push(...parseYamlResources(text, { file: name }));
    } catch (error) {
      throw error instanceof InvalidInput ? new CliFailure(error.message) : error;
    }
  }
  if (resources.length === 0) throw new CliFailure(`there is no resource in ${files.join(", ")}`);
  return resources;
}

/** `actortemplate/counter`. */
export function resourceName({ kind, metadata }: ResourceObject): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}

async function readText(file: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CliFailure(`cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function readAll(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of input) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts).toString("utf8");
}

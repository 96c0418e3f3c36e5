import { basename, resolve } from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { attempt, CliFailure } from "../failure.ts";

/** Sends an image and prints the reference that a template uses. */
export async function sendImage(
  context: Context,
  command: Command,
  name: string,
  archive: AsyncIterable<Uint8Array>,
): Promise<void> {
  await context.withSession(command, async ({ client, endpoint }) => {
    const { importImage } = await import("@agent-substrate/sdk");
    // Without the deadline of short calls: an image may be large.
    const reference = await attempt({ doing: `import image ${name}`, endpoint }, () =>
      importImage(client, { name, archive }, { signal: context.signal }),
    );
    context.print(reference);
  });
}

/** `--name`, or a name made of the path's last part. */
export async function imageName(given: string | undefined, path: string): Promise<string> {
  const { validateDns1123Label } = await import("@agent-substrate/contract");
  const made = basename(resolve(path))
    .toLowerCase()
    .replace(/\.(tar|oci|tgz|gz|zst)(\.|$).*/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  try {
    return validateDns1123Label("--name", given ?? made);
  } catch (error) {
    throw new CliFailure((error as Error).message, 2);
  }
}

/** A failure to read what the user named, in words. */
export function cannotRead(path: string, error: unknown): CliFailure {
  const { code, message } = error as NodeJS.ErrnoException;
  return new CliFailure(`cannot read ${path} (${code ?? message})`);
}

import { stat } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "../context.ts";
import { CliFailure } from "../failure.ts";
import { examples } from "../verbs.ts";
import type { BuildOptions } from "./collect-contents.ts";
import { cannotRead, imageName, sendImage } from "./send-image.ts";

interface Options extends BuildOptions {
  readonly name?: string;
}

/** `image build DIR --entrypoint … [--program …]`. */
export function registerBuildImage(image: Command, context: Context): void {
  const command = image
    .command("build")
    .description("make an image of one layer from a folder, bring it in and print its pinned reference")
    .argument("<folder>", "becomes the image's root")
    .requiredOption(
      "--entrypoint <word>",
      "program, then each argument by its own --entrypoint; or a JSON array",
      addWord,
    )
    .option(
      "--program <path>",
      "a program of this machine, with its shared libraries; a bare name is found by PATH; any number of times",
      addProgram,
    )
    .option("--env <key=value>", "environment, any number of times", addEnv)
    .option("--workdir <path>", "where the program starts; default /")
    .option("--user <user>", "user, uid or uid:gid; default root")
    .option("--name <name>", "what stands after local/ in the reference; default: made of the path")
    .addHelpText(
      "after",
      examples(
        "image build demos/counter --program node --entrypoint node --entrypoint /counter.js",
        'image build ./rootfs --entrypoint \'["/bin/node","/app/main.js"]\' --env PORT=80',
        "image build ./rootfs --entrypoint /bin/server --entrypoint=--port=80 --name server",
      ),
    )
    .action(async (folder: string, { name: given, ...options }: Options) => {
      const found = await stat(folder).catch((error: unknown) => {
        throw cannotRead(folder, error);
      });
      if (!found.isDirectory()) throw new CliFailure(`${folder} is no folder`, 2);
      const name = await imageName(given, folder);
      const { collectContents } = await import("./collect-contents.ts");
      const { assembleImage } = await import("@agent-substrate/sdk/images");
      const contents = await collectContents(folder, options, context.io);
      const { archive } = await assembleImage(contents, process.arch === "x64" ? "amd64" : process.arch);
      await sendImage(context, command, name, archive());
    });
}

function addProgram(path: string, before: readonly string[] = []): readonly string[] {
  if (path === "") throw new InvalidArgumentError("It should be a path or a name.");
  return [...before, path];
}

function addWord(text: string, before: readonly string[] | undefined): readonly string[] {
  if (!text.startsWith("[")) return [...(before ?? []), text];
  let words: unknown;
  try {
    words = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("It begins like a JSON array but is none.");
  }
  if (!Array.isArray(words) || words.length === 0 || words.some((word) => typeof word !== "string")) {
    throw new InvalidArgumentError("It should be a JSON array of strings.");
  }
  return [...(before ?? []), ...(words as string[])];
}

function addEnv(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It should be KEY=VALUE.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Verbs } from "../verbs.ts";
import { registerBuildImage } from "./build.ts";
import { registerGetImages } from "./get.ts";
import { registerImportImage } from "./import.ts";

export function registerImageCommands(verbs: Verbs, program: Command, context: Context): void {
  registerGetImages(verbs.get, context);
  const image = program
    .command("image")
    .description("bring images into the nodes' own store, without a registry");
  registerImportImage(image, context);
  registerBuildImage(image, context);
}

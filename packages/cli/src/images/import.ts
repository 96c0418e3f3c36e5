import { stat } from "node:fs/promises";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { CliFailure } from "../failure.ts";
import { examples } from "../verbs.ts";
import { cannotRead, imageName, sendImage } from "./send-image.ts";

/** `image import FOLDER|ARCHIVE`. */
export function registerImportImage(image: Command, context: Context): void {
  const command = image
    .command("import")
    .description("bring in an image in the OCI layout and print its pinned reference")
    .argument("<folder-or-archive>", "folder, or tar archive (plain, gzip or zstd)")
    .option("--name <name>", "what stands after local/ in the reference; default: made of the path")
    .addHelpText("after", examples("image import ./counter-image", "image import counter.tar --name counter"))
    .action(async (path: string, { name: given }: { name?: string }) => {
      const found = await stat(path).catch((error: unknown) => {
        throw cannotRead(path, error);
      });
      const name = await imageName(given, path);
      const { openArchive, packLayout } = await import("./image-archive.ts");
      if (!found.isDirectory()) return sendImage(context, command, name, openArchive(path));
      const layout = await stat(`${path}/oci-layout`).catch(() => undefined);
      if (!layout) {
        throw new CliFailure(
          `${path} is no image in the OCI layout (it has no file oci-layout); to make an image of a folder: substrate image build ${path} --entrypoint …`,
        );
      }
      return sendImage(context, command, name, await packLayout(path));
    });
}

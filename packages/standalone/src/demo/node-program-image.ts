import {
  type AssembledImage,
  assembleImage,
  baseFiles,
  combineFiles,
  hostProgramFiles,
  type ImageFile,
} from "@agent-substrate/sdk/images";
import { architecture } from "../up/built-in-resources.ts";

/** Where the Node that runs now lies in the image. */
const nodePath = "/usr/bin/node";

/** The image of a Node program that is one file: this machine's Node, its libraries, and the file. */
export async function nodeProgramImage(programPath: string): Promise<AssembledImage> {
  const program: ImageFile[] = [
    { kind: "copy", path: "srv/main.js", mode: 0o644, source: programPath },
    // Says that the program is an ES module.
    { kind: "text", path: "srv/package.json", mode: 0o644, text: '{"type":"module"}\n' },
  ];
  const node = await hostProgramFiles(process.execPath, { at: nodePath });
  return assembleImage(
    {
      files: combineFiles(program, node.files, baseFiles),
      entrypoint: [nodePath, "/srv/main.js"],
      env: { NODE_ENV: "production" },
    },
    architecture(),
  );
}

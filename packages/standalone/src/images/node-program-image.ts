import { architecture } from "../up/built-in-resources.ts";
import { nodePathInImage, nodeRuntimeFiles } from "./node-runtime.ts";
import { type AssembledImage, assembleImage } from "./oci-layout.ts";

/** The image of a Node program that is one file: this machine's Node, its libraries, and the file. */
export async function nodeProgramImage(programPath: string): Promise<AssembledImage> {
  const path = "srv/main.js";
  return assembleImage(
    {
      files: [
        ...(await nodeRuntimeFiles()),
        { kind: "copy", path, mode: 0o644, source: programPath },
        // Says that the program is an ES module.
        { kind: "text", path: "srv/package.json", mode: 0o644, text: '{"type":"module"}\n' },
      ],
      entrypoint: [nodePathInImage, `/${path}`],
      env: { NODE_ENV: "production" },
    },
    architecture(),
  );
}

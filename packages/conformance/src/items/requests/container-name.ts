import type { Item } from "../../item.ts";
import { proveRefused, wrongNames } from "../refused-everywhere.ts";

export const containerName: Item = {
  id: "requests/container-name",
  title: "A container name that is no DNS label is refused.",
  rule: "request-names",
  about:
    "Sends empty, too long and upper-case names, and names with separators, dots, NUL and line ends, to each of the three calls, and looks for paths that were made of them.",
  mistakes: "Checking one call and not the others; joining a path first and looking at it after that.",
  run: (bench) =>
    proveRefused(
      bench,
      wrongNames().map((name) => ({
        what: `the container name ${JSON.stringify(name)}`,
        fields: { spec: { containers: [{ name }] } },
      })),
    ),
};

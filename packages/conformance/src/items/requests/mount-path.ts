import type { Item } from "../../item.ts";
import { escapeMark, proveRefused } from "../refused-everywhere.ts";

const wrongPaths = [
  "",
  "/",
  escapeMark,
  `/a/../${escapeMark}`,
  `/./${escapeMark}`,
  `//${escapeMark}`,
  `/${escapeMark}/`,
  `/${escapeMark}\0`,
];

export const mountPath: Item = {
  id: "requests/mount-path",
  title: "A mount path that is not clean and absolute is refused.",
  rule: "request-mount-paths",
  about: "Sends relative and empty paths, the root, and paths with `.`, `..`, `//`, a trailing `/` and NUL.",
  mistakes: "Handing the path to the runtime, which follows it out of the sandbox's root.",
  run: (bench) =>
    proveRefused(
      bench,
      wrongPaths.map((path) => ({
        what: `the mount path ${JSON.stringify(path)}`,
        fields: { spec: { containers: [{ name: "app", durableDirVolumes: [path] }] } },
      })),
    ),
};

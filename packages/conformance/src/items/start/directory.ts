import { stat } from "node:fs/promises";
import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const directory: Item = {
  id: "start/directory",
  title: "The socket's directory is its owner's alone.",
  rule: "process-directory",
  about: "Looks at the mode of `BASE/ateoms/<uid>`. Whoever can open the socket can end and copy actors.",
  mistakes: "Leaving the mode to the umask, which gives 0755 on most machines.",
  needs: ["command"],
  async run(bench) {
    const { paths } = await bench.worker();
    const { mode } = await stat(paths.directory);
    expectEqual((mode & 0o777).toString(8), "700", `the mode of ${paths.directory}`);
  },
};

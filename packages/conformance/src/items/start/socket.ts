import { stat } from "node:fs/promises";
import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const socket: Item = {
  id: "start/socket",
  title: "The worker's socket is where the path conventions say.",
  rule: "process-socket",
  about:
    "Starts the back end with `--pod-uid` and asks on `BASE/ateoms/<uid>/ateom.sock`. A node supervisor looks nowhere else.",
  mistakes:
    "A base path written into the program, `ATE_BASE_PATH` unread, or the uid taken from the host name.",
  needs: ["command"],
  async run(bench) {
    const { paths } = await bench.worker();
    expect((await stat(paths.socket)).isSocket(), `${paths.socket} is no socket`);
  },
};

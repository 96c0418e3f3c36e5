import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { openExec } from "../../world/exec-session.ts";

export const execSignal: Item = {
  id: "extensions/exec-signal",
  title: "A signal reaches the process that Exec started.",
  rule: "extensions-exec",
  about: "Sends SIGTERM to a program that exits with code 9 upon it.",
  mistakes: "The signal sent to the back end's own helper, which ends and leaves the process.",
  needs: ["exec"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const program =
      "process.on(`SIGTERM`, () => process.exit(9)); setInterval(() => {}, 1e6); console.log(`here`)";
    const session = openExec(worker.extensions, { command: ["/bin/node", "-e", program] }, bench.signal);
    await session.until("here");
    session.send({ case: "signal", value: 15 });
    expectEqual((await session.ended).exit, { code: 9, signal: 0 }, "how the program ended");
  },
};

import { Code, ConnectError } from "@connectrpc/connect";
import type { Item } from "../../item.ts";
import { NotRun } from "../../violation.ts";
import { openExec } from "../../world/exec-session.ts";

export const execTerminal: Item = {
  id: "extensions/exec-terminal",
  title: "With tty, the process has a terminal of the given size.",
  rule: "extensions-exec",
  about:
    "Asks a program whether its output is a terminal, and how large it is, before and after a resize. A back end without terminals says UNIMPLEMENTED, and the item is not run.",
  mistakes: "A terminal of 0 columns, with which editors cannot work.",
  needs: ["exec"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const program =
      "const tell = () => console.log([process.stdout.isTTY, process.stdout.columns, process.stdout.rows].join(` `)); tell(); process.stdout.on(`resize`, () => { tell(); process.exit(); }); setInterval(() => {}, 1e6)";
    const size = { columns: 100, rows: 30 };
    const session = openExec(
      worker.extensions,
      { command: ["/bin/node", "-e", program], tty: true, size },
      bench.signal,
    );
    try {
      await session.until("true 100 30");
    } catch (failure) {
      const { code } = ConnectError.from(failure);
      if (code === Code.Unimplemented) throw new NotRun("the back end has no terminals");
      throw failure;
    }
    session.send({ case: "resize", value: { columns: 40, rows: 20 } });
    await session.until("true 40 20");
    await session.ended;
  },
};

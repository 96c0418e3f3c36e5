import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { openExec } from "../../world/exec-session.ts";

export const execStdin: Item = {
  id: "extensions/exec-stdin",
  title: "Exec carries stdin, and its end.",
  rule: "extensions-exec",
  about: "Sends two pieces of text to a program that gives them back, and closes stdin, upon which it ends.",
  mistakes: "An end of stdin that is never told, so that the program waits for ever.",
  needs: ["exec"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const session = openExec(
      worker.extensions,
      { command: ["/bin/node", "-e", "process.stdin.pipe(process.stdout)"] },
      bench.signal,
    );
    session.send({ case: "stdin", value: Buffer.from("one ") });
    session.send({ case: "stdin", value: Buffer.from("two") });
    session.send({ case: "closeStdin", value: true });
    expectEqual(
      await session.ended,
      { stdout: "one two", stderr: "", exit: { code: 0, signal: 0 } },
      "what came back",
    );
  },
};

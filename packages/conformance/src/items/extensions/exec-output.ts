import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { openExec } from "../../world/exec-session.ts";

export const execOutput: Item = {
  id: "extensions/exec-output",
  title: "Exec carries stdout, stderr and the exit code apart.",
  rule: "extensions-exec",
  about:
    "Runs a program in the container that writes to both and exits with code 3, with a variable and a working directory of its own.",
  mistakes: "Both outputs in one; an exit that overtakes the last output.",
  needs: ["exec"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const program =
      "process.stdout.write(process.env.WORD + process.cwd()); process.stderr.write(`err`); process.exitCode = 3";
    const command = ["/bin/node", "-e", program];
    const { ended } = openExec(
      worker.extensions,
      { command, env: ["WORD=word "], cwd: "/tmp" },
      bench.signal,
    );
    const expected = { stdout: "word /tmp", stderr: "err", exit: { code: 3, signal: 0 } };
    expectEqual(await ended, expected, "what came of the program");
  },
};

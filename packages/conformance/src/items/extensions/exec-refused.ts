import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { openExec } from "../../world/exec-session.ts";

export const execRefused: Item = {
  id: "extensions/exec-refused",
  title: "A program or a container that is not there is refused.",
  rule: "extensions-exec",
  about:
    "Names a program that the image does not have, a container that the workload does not have, and no program at all.",
  mistakes: "Success and then an exit code, which cannot be told from the program's own.",
  needs: ["exec"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const [program, container, nothing] = [
      openExec(worker.extensions, { command: ["/no/such/program"] }, bench.signal),
      openExec(worker.extensions, { command: ["/bin/node"], container: "nobody" }, bench.signal),
      openExec(worker.extensions, { command: [] }, bench.signal),
    ];
    await expectRefusal(program.ended, "Exec of a program that is not there", Code.NotFound);
    await expectRefusal(container.ended, "Exec in a container that is not there", Code.NotFound);
    await expectRefusal(nothing.ended, "Exec of nothing", Code.InvalidArgument);
  },
};

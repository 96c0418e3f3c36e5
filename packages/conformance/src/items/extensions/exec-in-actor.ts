import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { openExec } from "../../world/exec-session.ts";

export const execInActor: Item = {
  id: "extensions/exec-in-actor",
  title: "Exec runs in the container: its files, its processes, its network.",
  rule: "extensions-exec",
  about:
    "Reads, by a program that Exec started, the identity and a file that the actor wrote, and asks the actor at 127.0.0.1.",
  mistakes: "A program in the image but outside of the sandbox.",
  needs: ["exec"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    await worker.probe.ask("POST /write", { query: { path: "/tmp/mine" }, body: "by the actor" });
    const actorId = worker.executing?.key.actorId;
    const program =
      "const fs = require(`fs`); const read = (path) => fs.readFileSync(path, `utf8`); fetch(`http://127.0.0.1/state`).then((answer) => answer.json()).then((state) => console.log(read(`/run/ate/actor-id`), read(`/tmp/mine`), state.actorId))";
    const { ended } = openExec(worker.extensions, { command: ["/bin/node", "-e", program] }, bench.signal);
    expectEqual((await ended).stdout, `${actorId} by the actor ${actorId}\n`, "what the program saw");
  },
};

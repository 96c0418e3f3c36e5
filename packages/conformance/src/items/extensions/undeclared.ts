import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item, Need } from "../../item.ts";
import { NotRun } from "../../violation.ts";
import { openExec } from "../../world/exec-session.ts";
import { scopeOnWire } from "../../world/scope.ts";
import { proveUnharmed } from "../prove.ts";

export const undeclared: Item = {
  id: "extensions/undeclared",
  title: "What is not declared is refused, and not attempted.",
  rule: "extensions-fail-closed",
  about:
    "Calls everything that Describe does not declare, while an actor runs, which has to answer as before.",
  mistakes: "A method that is there because a library made it, and does half of what it should.",
  needs: ["describe"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    const { extensions } = worker;
    const options = { timeoutMs: 20_000 };
    const snapshotRequest = {
      ...actor.request,
      runtimeAssetPaths: bench.shared.assets,
      scope: scopeOnWire(bench.scope),
    };
    const calls: readonly (readonly [Need, string, () => Promise<unknown>])[] = [
      ["terminate", "Terminate", () => extensions.terminate({}, options)],
      ["stats", "Stats", () => extensions.stats({}, options)],
      ["freeze", "Freeze", () => extensions.freeze({}, options)],
      ["freeze", "Thaw", () => extensions.thaw({}, options)],
      ["snapshot", "Snapshot", () => extensions.snapshot(snapshotRequest, options)],
      ["exec", "Exec", () => openExec(extensions, { command: ["/bin/node", "-e", "0"] }, bench.signal).ended],
      [
        "watch",
        "Watch",
        async () => {
          for await (const _ of extensions.watch({}, options)) return;
        },
      ],
    ];
    const wrong = calls.filter(([need]) => !bench.declaration.met.has(need));
    if (wrong.length === 0) throw new NotRun("everything is declared");
    await worker.run(actor);
    const before = await worker.probe.count();
    for (const [, name, call] of wrong) {
      await expectRefusal(
        call(),
        `${name}, which is not declared,`,
        Code.Unimplemented,
        Code.FailedPrecondition,
      );
    }
    await proveUnharmed(worker, actor, before);
  },
};

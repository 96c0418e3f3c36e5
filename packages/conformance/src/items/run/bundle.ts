import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

interface Facts {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly hostname: string;
}

export const bundle: Item = {
  id: "run/bundle",
  title: "The program runs as its bundle says.",
  rule: "actor-bundle",
  about:
    "Gives the probe arguments, a variable, a working directory and a user of its own, and asks it for them. A start reads the bundle and nothing else.",
  mistakes:
    "The back end's own environment, its own user, or `/` as working directory whatever the bundle says.",
  async run(bench) {
    const worker = await bench.worker();
    const args = ["--one", "two words", ""];
    const actor = bench.actor({
      containers: [{ env: { PROBE_PORTS: "8080", PROBE_WORD: "a b=c" }, readyz: { port: 8080 } }],
      process: { args, cwd: "/tmp", user: { uid: 1234, gid: 4321 } },
    });
    await worker.run(actor);
    const facts = await worker.probe.ask<Facts>("GET /facts", { port: 8080 });
    const { cwd, uid, gid, hostname } = facts;
    expectEqual(facts.args, args, "the arguments of the program");
    expectEqual(facts.env.PROBE_WORD, "a b=c", "the variable PROBE_WORD");
    expectEqual(facts.env.ATE_BASE_PATH, undefined, "the back end's own ATE_BASE_PATH in the actor");
    expectEqual(
      { cwd, uid, gid, hostname },
      { cwd: "/tmp", uid: 1234, gid: 4321, hostname: "runsc" },
      "the process",
    );
  },
};

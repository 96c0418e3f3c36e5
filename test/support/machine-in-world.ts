// Plays one way in which an `up` with running actors ends, and tells as a line of JSON what is left once
// its data folder is removed. Meant for a world of its own (own-world.ts). The argument names the way:
//
//   stopped    SIGTERM
//   pressed    SIGINT twice: nothing is suspended
//   killed     SIGKILL, then another `up` on the same data folder, and SIGTERM for that one
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actorHandle, applyTemplate, createActor } from "./actors.ts";
import { counterTemplate } from "./counter-template.ts";
import { differences, readHostState } from "./host-state.ts";
import { importProgram } from "./programs.ts";
import { type Substrate, startSubstrate } from "./start-substrate.ts";

/** What this program prints. */
export interface MachineReport {
  readonly output: string;
  /** The last answer of the actor that ran when the machine ended. */
  readonly count: string;
  readonly left: readonly string[];
}

const ways: Readonly<Record<string, (first: Substrate) => Promise<Substrate>>> = {
  async stopped(first) {
    await first.stop();
    return first;
  },
  async pressed(first) {
    const stopping = first.printed(/^stopping/);
    first.signal("SIGINT");
    await stopping;
    first.signal("SIGINT");
    await first.ended();
    return first;
  },
  async killed(first) {
    await first.kill();
    const second = await startSubstrate({ data: first.data });
    const count = await actorHandle(second, "running").request("/mem");
    if (count.status !== 200) throw new Error(count.text);
    await second.stop();
    return second;
  },
};

const play = ways[process.argv[2] ?? ""];
if (!play) throw new Error(`choose one of ${Object.keys(ways).join(", ")}`);

const before = await readHostState();
const data = await mkdtemp(join(tmpdir(), "m-"));
const machine = await startSubstrate({ data });
const image = await importProgram(machine, "counter");
await applyTemplate(machine, counterTemplate({ name: "counter", image }));
const actor = await createActor(machine, "counter", "running");
const count = (await actor.request("/mem")).text;
const last = await play(machine);
await rm(data, { recursive: true });
const report: MachineReport = {
  output: last.output(),
  count,
  left: differences(before, await readHostState()),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit();

import { type Console, createConsole } from "../console.ts";
import type { DemoOptions } from "../options.ts";
import { aborted, runStoppable, type Stoppable } from "../stop-signals.ts";
import { dataFolder } from "../up/data-folder.ts";
import { type Machine, startMachine } from "../up/machine.ts";
import { showMachineStatus } from "../up/machine-status.ts";
import { openDemoFolder } from "./demo-folder.ts";
import { formatSummary } from "./demo-summary.ts";
import { playRounds } from "./play-rounds.ts";
import { counters, prepareCounters } from "./prepare-counters.ts";
import { formatWakes, type Wake } from "./wake-table.ts";

const actorCount = 12;
const rounds = 4;

/** `substrate demo`: throws unless every answer was right. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const console = createConsole();
  let right = false;
  const completed = await runStoppable(async (signals) => {
    await using data = await openDemoFolder(options.data);
    const folder = dataFolder(data.path);
    console.say(`starting in ${folder.root}`);
    const machine = await startMachine({ ...options, folder, console }, signals.stopping);
    // A temporary machine's actors have no next life to be suspended for.
    const hurry = options.data === undefined ? AbortSignal.abort() : signals.hurry;
    try {
      right = await play(machine, console, signals);
      if (options.keep) await keep(machine, console, signals);
    } finally {
      await machine.stop(hurry);
    }
  });
  if (!completed) throw new Error("the demo was interrupted");
  if (!right) throw new Error("the demo's answers were not all right; see above");
}

async function play(machine: Machine, console: Console, { stopping }: Stoppable): Promise<boolean> {
  const actors = await prepareCounters(machine.client, actorCount, console, stopping);
  const record = await playRounds(machine, actors, rounds, roundByRound(console, actors.length), stopping);
  console.endStatus();
  console.say(formatWakes(record.wakes));
  console.say(formatSummary(record));
  return record.wrong.length === 0;
}

/** Says when a round begins and, on a terminal, each answer. */
function roundByRound(console: Console, perRound: number): (wake: Wake) => void {
  let answers = 0;
  return ({ round, actor, worker }) => {
    if (answers % perRound === 0) console.say(`round ${round} of ${rounds}`);
    answers += 1;
    console.showStatus(`${answers} of ${perRound * rounds}: ${actor} on ${worker}`);
  };
}

async function keep(machine: Machine, console: Console, { stopping }: Stoppable): Promise<void> {
  const { apiAddress, routerAddress, client } = machine;
  console.say(
    [
      "still running; end it with Ctrl-C. In another terminal:",
      `  curl -H 'ate-target-actor: ${counters.atespace}/counter-01' http://${routerAddress}/`,
      `  SUBSTRATE_ENDPOINT=${apiAddress} ./substrate get actors -A`,
    ].join("\n"),
  );
  const status = showMachineStatus(client, console, stopping);
  await aborted(stopping);
  await status;
  console.endStatus();
}

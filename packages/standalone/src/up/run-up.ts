import { createConsole } from "../console.ts";
import type { UpOptions } from "../options.ts";
import { aborted, runStoppable } from "../stop-signals.ts";
import { dataFolder } from "./data-folder.ts";
import { startMachine } from "./machine.ts";
import { showMachineStatus } from "./machine-status.ts";

/** `substrate up`: until a signal, then leaves nothing but the data folder. */
export async function runUp(options: UpOptions): Promise<void> {
  const console = createConsole();
  const folder = dataFolder(options.data);
  await runStoppable(async ({ stopping, hurry }) => {
    console.say(`starting in ${folder.root}`);
    const machine = await startMachine({ ...options, folder, console }, stopping);
    console.say(`ready: API http://${machine.apiAddress}, router http://${machine.routerAddress}`);
    console.say(exampleRequest(machine.routerAddress));
    const status = showMachineStatus(machine.client, console, stopping);
    await aborted(stopping);
    await status;
    console.endStatus();
    console.say("stopping: running actors are suspended first; once more to skip that");
    await machine.stop(hurry);
    console.say("stopped");
  });
}

function exampleRequest(routerAddress: string): string {
  return `an actor answers at: curl -H 'ate-target-actor: default/NAME' http://${routerAddress}/`;
}

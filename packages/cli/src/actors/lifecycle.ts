import type { ateapi } from "@agent-substrate/contract";
import type { CallOptions } from "@connectrpc/connect";
import type { Command } from "commander";
import type { Context, Session } from "../context.ts";
import { attempt } from "../failure.ts";
import { examples, type Verbs } from "../verbs.ts";
import { statusText } from "./actor-listing.ts";
import { type AtespaceOption, addActorCommand } from "./actor-options.ts";

/** Where an operation's time went: the trailer of its reply, and all of it as seen from here. */
interface Timing {
  readonly phases: string | null;
  readonly totalMs: number;
}

type Call = (
  session: Session,
  ref: ateapi.ActorRef,
  options: CallOptions,
) => Promise<{ actor?: ateapi.Actor }>;

/** `resume`, `suspend` and `pause`. */
export function registerLifecycleCommands(verbs: Verbs, context: Context): void {
  const resume = addActorCommand(verbs.resume, "wake an actor and wait until it runs")
    .option("--boot", "boot from the image where it would be made from the golden snapshot")
    .addHelpText("after", examples("resume actor counter-1 -a demo", "resume actor counter-1 -a demo --boot"))
    .action((name: string, { boot = false, ...options }: AtespaceOption & { boot?: boolean }) =>
      run(context, resume, "resume", name, options, ({ client }, actorRef, call) =>
        client.control.resumeActor({ actorRef, boot }, call),
      ),
    );
  const suspend = addActorCommand(verbs.suspend, "store an actor's snapshot and free its worker")
    .addHelpText("after", examples("suspend actor counter-1 -a demo"))
    .action((name: string, options: AtespaceOption) =>
      run(context, suspend, "suspend", name, options, ({ client }, actorRef, call) =>
        client.control.suspendActor({ actorRef }, call),
      ),
    );
  const pause = addActorCommand(verbs.pause, "keep an actor's snapshot on its node and free its worker")
    .addHelpText("after", examples("pause actor counter-1 -a demo"))
    .action((name: string, options: AtespaceOption) =>
      run(context, pause, "pause", name, options, ({ client }, actorRef, call) =>
        client.control.pauseActor({ actorRef }, call),
      ),
    );
}

async function run(
  context: Context,
  command: Command,
  verb: string,
  name: string,
  { atespace }: AtespaceOption,
  operate: Call,
): Promise<void> {
  await context.withSession(command, async (session) => {
    const { create } = await import("@bufbuild/protobuf");
    const { ateapi, phasesTrailer } = await import("@agent-substrate/contract");
    const ref = create(ateapi.ActorRefSchema, { atespace, name });
    const ifNotFound = `substrate get actors -a ${atespace} shows those that are there`;
    const start = performance.now();
    let phases: string | null = null;
    const { actor } = await attempt(
      { doing: `${verb} actor ${atespace}/${name}`, endpoint: session.endpoint, ifNotFound },
      () =>
        operate(session, ref, {
          ...session.call,
          onTrailer: (trailer) => {
            phases = trailer.get(phasesTrailer);
          },
        }),
    );
    const status = actor ? statusText(actor.status) : "gone";
    const timing = await formatTiming({ phases, totalMs: performance.now() - start });
    context.print(`actor ${atespace}/${name} is ${status} (${timing})`);
  });
}

/** `83 ms: restore 61.0, place 0.8`, the longest first; what is left is the way to the server and back. */
async function formatTiming({ phases, totalMs }: Timing): Promise<string> {
  const { parsePhases } = await import("@agent-substrate/contract");
  const parts = parsePhases(phases)
    .filter(({ durationMs }) => durationMs >= 0.05)
    .sort((a, b) => b.durationMs - a.durationMs)
    .map(({ name, durationMs }) => `${name} ${durationMs.toFixed(1)}`);
  const total = `${totalMs.toFixed(0)} ms`;
  return parts.length > 0 ? `${total}: ${parts.join(", ")}` : total;
}

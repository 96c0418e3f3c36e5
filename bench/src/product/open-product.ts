// What is measured: a whole `substrate up` as a user starts it, with one actor on it.
import { join } from "node:path";
import { applyTemplate, createActor } from "@agent-substrate/test/support/actors.ts";
import { counterTemplate } from "@agent-substrate/test/support/counter-template.ts";
import { importProgram } from "@agent-substrate/test/support/programs.ts";
import { startSubstrate } from "@agent-substrate/test/support/start-substrate.ts";
import type { RequestTarget } from "../requests/send-request.ts";
import { everyWorkerIsPrepared } from "./prepared-sandboxes.ts";
import { type SuspendReport, suspendActor } from "./suspend-actor.ts";

export const workers = 2;

export interface Product extends AsyncDisposable {
  /** The contract's base path, where sandboxes and local snapshots lie. */
  readonly node: string;
  /** The actor, through the router. */
  readonly target: RequestTarget;
  /** Returns when the actor is SUSPENDED. */
  suspend(signal: AbortSignal): Promise<SuspendReport>;
  /** Whether every worker is free and its next sandbox is there. */
  isPrepared(): Promise<boolean>;
}

/** Starts it, with a template that is Ready and an actor that was never asked. */
export async function openProduct(progress: (text: string) => void, signal: AbortSignal): Promise<Product> {
  progress("starting substrate up");
  await using held = new AsyncDisposableStack();
  const substrate = held.use(await startSubstrate({ workers }));
  held.defer(() => substrate.client.close());
  signal.throwIfAborted();
  progress("importing the counter's image");
  const image = await importProgram(substrate, "counter");
  signal.throwIfAborted();
  progress("making the template's golden snapshot");
  await applyTemplate(substrate, counterTemplate({ name: "counter", image }));
  signal.throwIfAborted();
  const { actorRef, host } = await createActor(substrate, "counter", "ann");
  const [address = "", port = ""] = substrate.router.split(":");
  const node = join(substrate.data, "node");
  const all = held.move();
  return {
    node,
    target: { address, port: Number(port), host: `${host}.actors.resources.substrate.ate.dev` },
    suspend: (stop) => suspendActor(substrate.client, actorRef, join(node, "snapshots"), stop),
    isPrepared: () => everyWorkerIsPrepared(node, workers),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

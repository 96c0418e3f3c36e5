import type { Store } from "../store.ts";

/** The calls of a store that are sent to its thread. */
export type StoreVerb = Exclude<keyof Store, "close">;

/** What runs in the thread: the store's calls without their promises. */
export type SyncVerbs = {
  readonly [V in StoreVerb]: (...args: Parameters<Store[V]>) => Awaited<ReturnType<Store[V]>>;
};

/** One call on its way into the thread. */
export interface StoreRequest {
  readonly id: number;
  readonly verb: StoreVerb;
  readonly args: readonly unknown[];
}

/** What the thread answers. A refusal keeps its reason; anything else is the store's own failure. */
export type StoreReply =
  | { readonly id: number; readonly outcome: "done"; readonly value: unknown }
  | { readonly id: number; readonly outcome: "refused"; readonly reason: string; readonly message: string }
  | { readonly id: number; readonly outcome: "failed"; readonly message: string };

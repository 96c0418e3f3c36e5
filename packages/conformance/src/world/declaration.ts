import type { extensions } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Need } from "../item.ts";
import { type SnapshotScope, scopeFromWire } from "./scope.ts";
import type { Settings } from "./settings.ts";
import type { Worker } from "./worker.ts";

/** What a back end can do, by its own word or, without Describe, by the command line's. */
export interface Declaration {
  /** Absent: the base contract alone. */
  readonly description: extensions.DescribeResponse | undefined;
  readonly scopes: readonly SnapshotScope[];
  /** Where one scope is as good as another: full, if it is there. */
  readonly mainScope: SnapshotScope;
  readonly met: ReadonlySet<Need>;
}

/** A back end may take so long to say that it has no extensions. */
const describeTimeoutMs = 5_000;

export async function readDeclaration(worker: Worker, settings: Settings): Promise<Declaration> {
  const description = await worker.extensions
    .describe({}, { timeoutMs: describeTimeoutMs })
    .catch((failure: unknown) => {
      const { code } = ConnectError.from(failure);
      // A refusal in another form is what the item start/extensions-answered finds.
      if (code === Code.Unavailable) throw failure;
      return undefined;
    });
  const declared = description?.capabilities;
  const scopes = description
    ? (declared?.scopes ?? []).map(scopeFromWire).filter((scope) => scope !== undefined)
    : settings.scopes;
  const needs: readonly (readonly [Need, boolean | undefined])[] = [
    ["full", scopes.includes("full")],
    ["data", scopes.includes("data")],
    ["several-containers", description ? declared?.severalContainers : settings.severalContainers],
    ["assets", Object.keys(settings.assets).length > 0],
    ["command", settings.backEnd.kind === "command"],
    ["two-workers", settings.backEnd.kind === "command"],
    ["describe", description !== undefined],
    ["exec", declared?.exec],
    ["freeze", declared?.freeze],
    ["stats", declared?.stats],
    ["snapshot", declared?.checkpointAndContinue],
    ["terminate", declared?.terminate],
    ["watch", declared?.watch],
  ];
  return {
    description,
    scopes,
    mainScope: scopes.includes("full") ? "full" : "data",
    met: new Set(needs.flatMap(([need, isMet]) => (isMet ? [need] : []))),
  };
}

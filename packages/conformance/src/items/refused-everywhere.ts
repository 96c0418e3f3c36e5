import type { ateom } from "@agent-substrate/contract";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { expectEqual, expectRefusal } from "../expect.ts";
import type { Bench } from "../world/bench.ts";
import { pathsBelow } from "../world/paths-below.ts";
import { scopeOnWire } from "../world/scope.ts";
import { proveAvailable } from "./prove.ts";

type Fields = MessageInitShape<typeof ateom.RunWorkloadRequestSchema>;

export interface WrongRequest {
  /** What is wrong with it, for the report. */
  readonly what: string;
  /** In place of the good request's fields. */
  readonly fields: Omit<Fields, "$typeName">;
}

/**
 * Each request is refused by Run, Checkpoint and Restore, no path that it could
 * have built is there after that, and the worker takes an actor.
 */
export async function proveRefused(bench: Bench, wrong: readonly WrongRequest[]): Promise<void> {
  const worker = await bench.worker();
  const actor = bench.actor();
  await worker.prepare(actor);
  const options = { timeoutMs: 20_000 };
  for (const { what, fields } of wrong) {
    const request = { ...actor.request, runtimeAssetPaths: bench.shared.assets, ...fields } as Fields;
    const scoped = { ...request, scope: scopeOnWire(bench.scope) };
    const { ateom } = worker;
    await expectRefusal(
      ateom.runWorkload(request, options),
      `RunWorkload with ${what}`,
      Code.InvalidArgument,
    );
    const restore = ateom.restoreWorkload(scoped as never, options);
    await expectRefusal(restore, `RestoreWorkload with ${what}`, Code.InvalidArgument);
    // Nothing runs here, which is as good a reason.
    const checkpoint = ateom.checkpointWorkload(scoped as never, options);
    const reasons = [Code.InvalidArgument, Code.FailedPrecondition, Code.NotFound];
    await expectRefusal(checkpoint, `CheckpointWorkload with ${what}`, ...reasons);
  }
  const escaped = (await pathsBelow(bench.settings.folder)).filter((path) => path.includes(escapeMark));
  expectEqual(escaped, [], "what was written under the name of a refused request");
  await proveAvailable(bench, worker);
}

/** Stands in every wrong name from which a path could be built. */
export const escapeMark = "escaped";

/** Wrong for a DNS label; with `isSubdomain`, for a subdomain. */
export function wrongNames(isSubdomain = false): readonly string[] {
  return [
    "",
    ".",
    "..",
    `../../${escapeMark}`,
    `${escapeMark}/below`,
    `/${escapeMark}`,
    `${escapeMark}\0nul`,
    `${escapeMark}:colon`,
    `-${escapeMark}`,
    `${escapeMark}-`,
    `${escapeMark} space`,
    `${escapeMark}\n`,
    "Escaped",
    `${escapeMark}_`,
    `${escapeMark}ü`,
    ...(isSubdomain
      ? [`${escapeMark}..a`, `.${escapeMark}`, "a".repeat(254)]
      : [`${escapeMark}.a`, "a".repeat(64)]),
  ];
}

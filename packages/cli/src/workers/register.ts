import type { ateapi } from "@agent-substrate/contract";
import type { Context } from "../context.ts";
import { attempt } from "../failure.ts";
import { addGetOptions, type GetOptions } from "../output/format-option.ts";
import { compareTexts, formatListing, type Listing, messageJson } from "../output/listing.ts";
import { watchListing } from "../output/watch-listing.ts";
import { examples, type Verbs } from "../verbs.ts";

const listing: Listing<ateapi.Worker> = {
  columns: ["NAMESPACE", "POOL", "POD", "STATUS", "ASSIGNED ACTOR"],
  row: (worker) => [
    worker.workerNamespace,
    worker.workerPool,
    worker.workerPod,
    worker.actorId === "" ? "FREE" : "ASSIGNED",
    worker.actorId === "" ? "" : `${worker.actorAtespace}/${worker.actorId}`,
  ],
  name: ({ workerPod }) => `worker/${workerPod}`,
  key: ({ workerPodUid }) => workerPodUid,
  compare: (a, b) =>
    compareTexts(
      [a.workerNamespace, b.workerNamespace],
      [a.workerPool, b.workerPool],
      [a.workerPod, b.workerPod],
    ),
  async toJson(workers) {
    const { ateapi } = await import("@agent-substrate/contract");
    return messageJson(ateapi.ListWorkersResponseSchema, { workers: [...workers] });
  },
};

/** `get workers`. */
export function registerWorkerCommands(verbs: Verbs, context: Context): void {
  const command = verbs.get
    .command("workers")
    .alias("worker")
    .description("the workers, and which actor each one runs");
  addGetOptions(command, { watch: true })
    .addHelpText("after", examples("get workers", "get workers -w"))
    .action(({ output, watch }: GetOptions) =>
      context.withSession(command, async ({ client, endpoint, call }) => {
        if (!watch) {
          const { workers } = await attempt({ doing: "list workers", endpoint }, () =>
            client.control.listWorkers({}, call),
          );
          context.print(await formatListing(listing, output, workers));
          return;
        }
        await attempt({ doing: "watch workers", endpoint }, () =>
          watchListing(client, {
            listing,
            format: output,
            options: { workers: true, signal: context.signal },
            print: context.print,
            effect: ({ change }) => {
              if (change.case === "worker") return { kind: "set", item: change.value };
              return change.case === "workerDeleted" ? { kind: "deleted", key: change.value } : undefined;
            },
            deletedRow: (worker) => listing.row(worker).with(3, "GONE"),
          }),
        );
      }),
    );
}

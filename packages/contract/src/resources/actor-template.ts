import { z } from "zod";
import { container } from "./container.ts";
import { duration } from "./duration.ts";
import { labelSelectorSchema } from "./label-selector.ts";
import { apiVersion, namespacedMetadata } from "./metadata.ts";
import { dnsLabel, pinnedImage, port, sandboxClass, snapshotLocation, uniqueBy } from "./scalars.ts";

const scope = z.enum(["Full", "Data"]);

const snapshotsConfig = z
  .strictObject({
    /** Absent: the server's default. */
    location: snapshotLocation.optional(),
    onPause: scope.default("Full"),
    onCommit: scope.default("Full"),
  })
  .superRefine(({ onPause, onCommit }, context) => {
    if (onPause === "Data" && onCommit === "Full") {
      const message = "Full is no subset of onPause Data: what a pause drops, a commit cannot keep";
      context.addIssue({ code: "custom", path: ["onCommit"], message });
    }
  });

const volume = z
  .strictObject({ name: dnsLabel, durableDir: z.strictObject({}).optional() })
  .superRefine(({ durableDir }, context) => {
    if (!durableDir)
      context.addIssue({ code: "custom", message: "should have exactly one source: durableDir" });
  });

const lifecycle = z.strictObject({
  /** What becomes of an actor whose worker is lost: back to its last snapshot, or CRASHED. */
  onWorkerLoss: z.enum(["Revert", "Crash"]).default("Revert"),
  /** How long requests in flight may go on before a suspend or pause cuts them. */
  drainSeconds: z.int().min(0).max(3600).default(30),
  webSockets: z.enum(["Close", "Keep"]).default("Close"),
  /** Absent: an idle actor is suspended only when its worker is wanted. */
  suspendAfter: duration.optional(),
  /** Committed snapshots that are kept beside the latest. */
  keepLast: z.int().min(0).max(1000).default(0),
  /** Snapshots kept by keepLast go when they are older. */
  maxAge: duration.optional(),
});

const spec = z
  .strictObject({
    /** Absent: a single container without the pod layout, which wakes faster. */
    pauseImage: pinnedImage.optional(),
    containers: z.array(container).min(1).max(10).superRefine(uniqueBy("name")),
    snapshotsConfig: snapshotsConfig.prefault({}),
    sandboxClass,
    workerSelector: labelSelectorSchema.prefault({}),
    volumes: z.array(volume).max(32).superRefine(uniqueBy("name")).default([]),
    lifecycle: lifecycle.prefault({}),
    selfService: z.boolean().default(false),
    /** Ports beside 80 at which the actor may be reached. */
    ports: z
      .array(z.strictObject({ name: dnsLabel, port }))
      .max(32)
      .superRefine(uniqueBy("name"))
      .superRefine(uniqueBy("port"))
      .default([]),
  })
  .superRefine(({ containers, volumes }, context) => {
    const durable = new Set(volumes.filter(({ durableDir }) => durableDir).map(({ name }) => name));
    if (durable.size > 1) {
      const message = "at most one durableDir is possible in a template";
      context.addIssue({ code: "custom", path: ["volumes"], message });
    }
    for (const [index, { volumeMounts }] of containers.entries()) {
      let mounted = 0;
      for (const [mount, { name }] of volumeMounts.entries()) {
        const path = ["containers", index, "volumeMounts", mount, "name"];
        if (!volumes.some((volume) => volume.name === name)) {
          const message = `${JSON.stringify(name)} is no volume of this template`;
          context.addIssue({ code: "custom", path, message });
        } else if (durable.has(name) && ++mounted > 1) {
          const message = "a container mounts a durableDir at most once";
          context.addIssue({ code: "custom", path, message });
        }
      }
    }
  });

/** Where the making of a template's golden snapshot stands. "" before it begins. */
export type TemplatePhase = "" | "ResumeGoldenActor" | "WaitGoldenActor" | "Ready" | "Failed";

const status = z.looseObject({
  phase: z.enum(["", "ResumeGoldenActor", "WaitGoldenActor", "Ready", "Failed"]).optional(),
  goldenActorID: z.string().optional(),
  /** RFC 3339. */
  takeGoldenSnapshotAt: z.string().optional(),
  goldenSnapshot: z.string().optional(),
  conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).optional(),
});

export const actorTemplateSchema = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("ActorTemplate"),
  metadata: namespacedMetadata,
  spec,
  status: status.optional(),
});

/** What actors are made from. Its spec is immutable. */
export type ActorTemplate = z.output<typeof actorTemplateSchema>;

import type { Assignment } from "../actors/assignment.ts";
import type { Workload } from "../actors/workload.ts";
import type { SandboxAssets } from "../assets/sandbox-assets.ts";
import type { BundleShape } from "../bundles/bundle-shape.ts";

/** What a running actor runs on; pinned into the manifest of its next snapshot. */
export interface RunningWorkload {
  readonly workload: Workload;
  readonly shape: BundleShape;
  readonly assets: SandboxAssets;
  /** Absolute path of each asset by name. */
  readonly assetPaths: Readonly<Record<string, string>>;
  /** Prefix of the snapshot that it was restored from. */
  readonly parent?: string;
  /** Bytes of that snapshot; 0 for a booted actor. */
  readonly parentBytes: number;
}

/**
 * Where one worker is in its life.
 *
 *     starting -> available <-> executing
 *     any of them -> ending
 */
export type WorkerState =
  | { readonly kind: "starting"; readonly message: string }
  | { readonly kind: "available" }
  | { readonly kind: "executing"; readonly assignment: Assignment; readonly step: ExecutionStep }
  | { readonly kind: "ending" };

/** `starting`, `checkpointing` and `clearing` are held by one operation; `running` by nobody. */
export type ExecutionStep =
  /** `isAsked`: its back end was called; until then the worker is blank. */
  | { readonly kind: "starting"; readonly isAsked: boolean }
  | { readonly kind: "running"; readonly running: RunningWorkload }
  | { readonly kind: "checkpointing"; readonly running: RunningWorkload }
  | { readonly kind: "clearing" };

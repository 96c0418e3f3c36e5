import type { TemplatePhase } from "@agent-substrate/contract";
import type { Resource } from "../resources/resource-catalog.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

type Status = Readonly<Record<string, unknown>>;

/** What a template's status says. */
export function templateStatus(template: Resource): { phase: TemplatePhase; reason: string } {
  return {
    phase: (template.status.phase as TemplatePhase | undefined) ?? "",
    reason: readyCondition(template.status)?.message ?? "",
  };
}

/** The status after a step: the phase, and one condition `Ready` that says why. */
export function nextStatus(present: Status, phase: TemplatePhase, message: string, now = new Date()): Status {
  const status = phase === "Ready" ? "True" : "False";
  const before = readyCondition(present);
  const lastTransitionTime =
    before?.status === status ? before.lastTransitionTime : now.toISOString().replace(/\.\d+Z$/, "Z");
  const condition: Condition = {
    type: "Ready",
    status,
    reason: phase || "Pending",
    message,
    lastTransitionTime,
  };
  return { ...present, phase, conditions: [condition] };
}

function readyCondition(status: Status): Condition | undefined {
  return (status.conditions as readonly Condition[] | undefined)?.find(({ type }) => type === "Ready");
}

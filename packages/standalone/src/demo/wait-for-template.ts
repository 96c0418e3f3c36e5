import { type SubstrateClient, watchChanges } from "@agent-substrate/sdk";

const patienceMs = 90_000;

interface TemplateStatus {
  readonly phase?: string;
  readonly conditions?: readonly { readonly message?: string }[];
}

/** Resolves when a template of the namespace `default` is Ready; throws with its reason when it Failed. */
export async function waitForTemplate(
  client: SubstrateClient,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  let status: TemplateStatus = {};
  for await (const { change } of watchChanges(client, { resources: true, signal: limit })) {
    if (change.case !== "resource") continue;
    const { value } = change;
    if (value.kind !== "ActorTemplate" || value.namespace !== "default" || value.name !== name) continue;
    status = ((value.object ?? {}) as { status?: TemplateStatus }).status ?? {};
    if (status.phase === "Ready") return;
    if (status.phase === "Failed") throw new Error(`template ${name} failed: ${reasonOf(status)}`);
  }
  signal.throwIfAborted();
  const phase = status.phase ? `it is in ${status.phase}` : "nothing was heard of it";
  throw new Error(`template ${name} was not Ready within ${patienceMs / 1000} s: ${phase}`);
}

function reasonOf(status: TemplateStatus): string {
  const reasons = (status.conditions ?? []).map(({ message }) => message).filter(Boolean);
  return reasons.join("; ") || "no reason was given";
}

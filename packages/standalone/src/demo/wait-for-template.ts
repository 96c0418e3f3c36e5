import type { SubstrateClient } from "@agent-substrate/sdk";

const patienceMs = 90_000;

/** Resolves when a template of the namespace `default` is Ready; throws with its reason when it Failed. */
export async function waitForTemplate(
  client: SubstrateClient,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  let phase = "";
  try {
    for await (const { change } of client.watch.watch({ resources: true }, { signal: limit })) {
      if (change.case !== "resource") continue;
      const { value } = change;
      if (value.kind !== "ActorTemplate" || value.namespace !== "default" || value.name !== name) continue;
      const { status } = (value.object ?? {}) as { status?: TemplateStatus };
      phase = status?.phase ?? "";
      if (phase === "Ready") return;
      if (phase === "Failed") throw new TemplateFailed(name, status);
    }
  } catch (error) {
    if (error instanceof TemplateFailed) throw error;
    signal.throwIfAborted();
    throw new Error(`template ${name} was not Ready within ${patienceMs / 1000} s (phase "${phase}")`, {
      cause: error,
    });
  }
  throw new Error(`the watch ended before template ${name} was Ready`);
}

interface TemplateStatus {
  readonly phase?: string;
  readonly conditions?: readonly { readonly message?: string }[];
}

class TemplateFailed extends Error {
  override readonly name = "TemplateFailed";

  constructor(name: string, status: TemplateStatus | undefined) {
    const reasons = (status?.conditions ?? []).map(({ message }) => message).filter(Boolean);
    super(`template ${name} failed: ${reasons.join("; ") || "no reason was given"}`);
  }
}

import { fileURLToPath } from "node:url";
import { importImage, type SubstrateClient } from "@agent-substrate/sdk";
import type { Console } from "../console.ts";
import { nodeProgramImage } from "./node-program-image.ts";
import { waitForTemplate } from "./wait-for-template.ts";

/** The demo's atespace and template. */
export const counters = { atespace: "default", template: "counter" } as const;

/** From nothing to a template with a golden snapshot and actors of it. Answers the actors' names. */
export async function prepareCounters(
  client: SubstrateClient,
  count: number,
  console: Console,
  signal: AbortSignal,
): Promise<string[]> {
  const program = fileURLToPath(import.meta.resolve("@agent-substrate/demo-counter/counter.js"));
  const reference = await timed(console, "assembled and imported the counter's image", async () => {
    const archive = (await nodeProgramImage(program)).archive();
    return importImage(client, { name: "counter", archive }, { signal });
  });
  await timed(console, "started one actor for the template's golden snapshot", async () => {
    await client.resources.applyResource({ object: counterTemplate(reference) }, { signal });
    await waitForTemplate(client, counters.template, signal);
  });
  const names = Array.from({ length: count }, (_, index) => `counter-${String(index + 1).padStart(2, "0")}`);
  await timed(console, `created ${count} actors`, () =>
    Promise.all(
      names.map((name) =>
        client.control.createActor(
          {
            actorRef: { atespace: counters.atespace, name },
            actorTemplateNamespace: "default",
            actorTemplateName: counters.template,
          },
          { signal },
        ),
      ),
    ),
  );
  return names;
}

function counterTemplate(image: string) {
  const readyz = { httpGet: { path: "/readyz", port: 80 } };
  return {
    apiVersion: "ate.dev/v1alpha1",
    kind: "ActorTemplate",
    metadata: { name: counters.template, namespace: "default" },
    spec: { containers: [{ name: "counter", image, readyz }] },
  };
}

async function timed<T>(console: Console, what: string, step: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await step();
  console.say(`${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

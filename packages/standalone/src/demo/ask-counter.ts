import { requestActor } from "@agent-substrate/sdk";

export interface CounterAnswer {
  readonly actorId: string;
  readonly memory: number;
  readonly file: number;
}

export interface Answered {
  readonly counter: CounterAnswer;
  readonly serverTiming: string | undefined;
}

/** One request to an actor through the router. Throws for anything but a 200 with the counter's JSON. */
export async function askCounter(
  router: string,
  actor: string,
  atespace: string,
  signal: AbortSignal,
): Promise<Answered> {
  const response = await requestActor({ router, actor, atespace, method: "POST", signal });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${actor} answered ${response.status}: ${text.trim()}`);
  return {
    counter: JSON.parse(text) as CounterAnswer,
    serverTiming: response.headers.get("server-timing") ?? undefined,
  };
}

import { request } from "node:http";

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
  routerAddress: string,
  actor: string,
  atespace: string,
  signal: AbortSignal,
): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const outgoing = request(`http://${routerAddress}/`, {
    method: "POST",
    agent: false,
    signal,
    headers: { host: `${actor}.${atespace}.actors.resources.substrate.ate.dev` },
  });
  outgoing.once("error", reject).once("response", async (incoming) => {
    try {
      let text = "";
      for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
      if (incoming.statusCode !== 200)
        throw new Error(`${actor} answered ${incoming.statusCode}: ${text.trim()}`);
      const timing = incoming.headers["server-timing"];
      resolve({
        counter: JSON.parse(text) as CounterAnswer,
        serverTiming: Array.isArray(timing) ? timing.join(", ") : timing,
      });
    } catch (error) {
      reject(error);
    }
  });
  outgoing.end();
  return promise;
}

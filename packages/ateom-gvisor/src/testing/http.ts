import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const triesMax = 2000;

/** The body of a GET, tried until somebody answers. */
export async function getJson(
  host: string,
  port: number,
  path = "/",
  headers: Record<string, string> = {},
): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    try {
      return await getOnce({ host, port, path, headers });
    } catch (error) {
      if (tries === triesMax) throw error;
      await delay(2);
    }
  }
}

async function getOnce(target: object): Promise<unknown> {
  const call = request({ ...target, agent: false, timeout: 5000 });
  call.on("timeout", () => call.destroy(new Error("the actor does not answer")));
  call.end();
  const [response] = await once(call, "response");
  response.setEncoding("utf8");
  let text = "";
  for await (const part of response) text += part;
  return text === "" ? undefined : JSON.parse(text);
}

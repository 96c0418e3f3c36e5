import { type Code, ConnectError } from "@connectrpc/connect";
import { loopbackAddress } from "../network/loopback-network.ts";
import { actorKey, makeDataFolder, newUid, prepareActor, startFakeProcess } from "./back-end-process.ts";

/** The fake back end with one worker, and an actor that can be run on it. */
export async function startOneFake() {
  const folder = await makeDataFolder();
  const uid = newUid();
  const key = actorKey("a1");
  await prepareActor(folder.paths, key);
  const backEnd = await startFakeProcess(folder.paths, [uid]);
  return {
    paths: folder.paths,
    uid,
    key,
    backEnd,
    ...backEnd.connect(uid),
    async [Symbol.asyncDispose]() {
      await backEnd[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Posts to the actor of a worker. */
export async function post(uid: string, path = "/"): Promise<string> {
  return (await fetch(`http://${loopbackAddress(uid)}${path}`, { method: "POST" })).text();
}

/** For `assert.rejects`. */
export function fails(code: Code, pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ConnectError && error.code === code && pattern.test(error.rawMessage);
}

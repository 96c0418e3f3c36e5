// Asks for readiness with a client that follows redirects: an actor that sends its callers away is ready.
import { actorAddress } from "../plain/actor-network.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import type { Program } from "../plain/program.ts";
import { untilReady } from "../plain/readiness.ts";
import { serve } from "../plain/serve.ts";
import type { Readyz, Workload } from "../plain/workload.ts";

class FollowsRedirects extends PlainBackEnd {
  protected override awaitReady({ readyz }: Workload, program: Program): Promise<void> {
    return untilReady(async () => !readyz || (await isFine(readyz)), program);
  }
}

function isFine({ path, port }: Readyz): Promise<boolean> {
  return fetch(`http://${actorAddress}:${port}${path}`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

await serve(FollowsRedirects);

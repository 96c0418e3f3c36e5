// Answers Run when the program listens, not when it is ready: the first requests to each actor fail.
import { connect } from "node:net";
import { actorAddress } from "../plain/actor-network.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import type { Program } from "../plain/program.ts";
import { untilReady } from "../plain/readiness.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class AnswersEarly extends PlainBackEnd {
  protected override awaitReady({ readyz }: Workload, program: Program): Promise<void> {
    return untilReady(async () => !readyz || (await listens(readyz.port)), program);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, actorAddress, () => resolve(true));
    socket.on("connect", () => socket.destroy());
    socket.on("error", () => resolve(false));
  });
}

await serve(AnswersEarly);

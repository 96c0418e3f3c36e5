// Stands between callers and actors and dials anew for each request: a caller of one actor reaches the next.
import { connect, createServer, type Socket } from "node:net";
import { actorAddress } from "../plain/actor-network.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class HandsOnConnections extends PlainBackEnd {
  override async open(): Promise<void> {
    this.network.changeRules = (rules) => {
      rules.inbound = rules.inbound.filter((rule) => !rule.includes(actorAddress));
    };
    await super.open();
    createServer(answerEach).listen(80);
  }
}

function answerEach(caller: Socket): void {
  caller.on("error", () => caller.destroy());
  caller.on("data", (request) => {
    const actor = connect(80, actorAddress, () => actor.write(request));
    actor.on("data", (answer) => caller.write(answer));
    actor.on("error", () => actor.destroy());
    caller.once("data", () => actor.destroy());
  });
}

await serve(HandsOnConnections);

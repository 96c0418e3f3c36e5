// Takes a socket that is there for a colleague at work: a worker whose back end crashed never comes back.
import { stat } from "node:fs/promises";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class RespectsStaleSocket extends PlainBackEnd {
  override async open(): Promise<void> {
    const { socket } = this.paths;
    if (await stat(socket).catch(() => undefined)) throw new Error(`${socket} is in use`);
    await super.open();
  }
}

await serve(RespectsStaleSocket);

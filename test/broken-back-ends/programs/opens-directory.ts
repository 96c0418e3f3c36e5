// Leaves the socket's folder open to all users: whoever gets at the socket can end and copy actors.
import { chmod } from "node:fs/promises";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class OpensDirectory extends PlainBackEnd {
  override async open(): Promise<void> {
    await super.open();
    await chmod(this.paths.directory, 0o755);
  }
}

await serve(OpensDirectory);

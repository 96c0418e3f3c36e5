import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { rawCall } from "../../world/raw-call.ts";

const [ok, unimplemented] = [0, 12];

export const extensionsAnswered: Item = {
  id: "start/extensions-answered",
  title: "Describe is answered, or UNIMPLEMENTED.",
  rule: "process-unknown-service",
  about:
    "Calls `substrate.v1.AteomExtensions/Describe`. The service is optional; a back end without it is used by the base contract alone, once it has said so.",
  mistakes: "Silence, which makes every start of the back end wait for a deadline.",
  async run(bench) {
    const { paths } = await bench.worker();
    const path = "/substrate.v1.AteomExtensions/Describe";
    const { status, message } = await rawCall(paths.socket, {
      path,
      bytes: Buffer.alloc(0),
      timeoutMs: 5_000,
    });
    expect(
      status === ok || status === unimplemented,
      `Describe was answered with ${status ?? "no status"}: ${message}`,
    );
  },
};

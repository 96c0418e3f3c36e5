import { expect, expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";
import { proveAvailable } from "../prove.ts";

export const terminate: Item = {
  id: "extensions/terminate",
  title: "Terminate ends what runs, and does so once.",
  rule: "extensions-terminate",
  about: "Terminates an actor, terminates again where nothing runs, and runs another actor there.",
  mistakes: "A refusal where nothing runs: the caller may be repeating a call whose reply was lost.",
  needs: ["terminate"],
  async run(bench) {
    const worker = await bench.worker();
    worker.taint();
    await worker.run(bench.actor());
    for (const what of ["Terminate", "a second Terminate"]) {
      await expectSuccess(worker.extensions.terminate({}, { timeoutMs: 20_000 }), what);
    }
    const answer = await httpRequest({ host: worker.address, path: "/state", timeoutMs: 1_000 }).catch(
      () => undefined,
    );
    expect(answer === undefined, "the actor answers after Terminate");
    await proveAvailable(bench, worker);
  },
};

import { expect, expectEqual, expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";

export const freeze: Item = {
  id: "extensions/freeze",
  title: "A frozen actor does not answer, and goes on where it was.",
  rule: "extensions-freeze",
  about: "Freezes an actor twice, asks it in vain, thaws it twice, and asks again.",
  mistakes: "Freezing the first process of the container only.",
  needs: ["freeze"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const before = await worker.probe.count();
    const options = { timeoutMs: 20_000 };
    for (const what of ["Freeze", "a second Freeze"]) {
      await expectSuccess(worker.extensions.freeze({}, options), what);
    }
    const answer = await httpRequest({ host: worker.address, path: "/state", timeoutMs: 1_000 }).catch(
      () => undefined,
    );
    expect(answer === undefined, "the frozen actor answered");
    for (const what of ["Thaw", "a second Thaw"])
      await expectSuccess(worker.extensions.thaw({}, options), what);
    const { memory, birth } = await worker.probe.state();
    expectEqual({ memory, birth }, { memory: before.memory, birth: before.birth }, "the thawed actor");
  },
};

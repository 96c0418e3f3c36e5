import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRuntime } from "./check-runtime.ts";

for (const program of ["/bin/false", "/bin/echo", "/nowhere/runsc"]) {
  test(`${program} is refused as the sandbox runtime, by the name of its option`, async () => {
    await assert.rejects(checkRuntime(program), /--runsc \(SUBSTRATE_RUNSC\): .* is not gVisor's runsc: ./);
  });
}

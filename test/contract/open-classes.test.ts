// A sandbox class is data: neither control plane nor node supervisor knows one by its name.
import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";

const checkout = resolve(import.meta.dirname, "../..");

/** Where a name of a back end stands for the history of the contract, or is a default that anybody may override. */
const allowed: Readonly<Record<string, readonly RegExp[]>> = {
  // Snapshots embed these paths.
  "packages/contract/src/paths.ts": [
    /"\/var\/lib\/ateom-gvisor"/,
    /`runsc-\$\{/,
    /"runsc-(state|debug-logs)"/,
  ],
  "packages/contract/src/resources/scalars.ts": [/\.default\("gvisor"\)/],
  // The bundle's shape is fixed by the contract, whatever runs it.
  "packages/atelet/src/bundles/derive-shape.ts": [/hostname = "runsc"/],
  "packages/atelet/src/bundles/write-bundles.ts": [/"dev\.gvisor\.spec\.mount\.durabledir"/],
};

const decisions =
  /\b(sandboxClass|sandbox_class|className)\b\s*[!=]==?\s*["'`]|["'`][a-z-]+["'`]\s*[!=]==?\s*\S*sandboxClass/;

for (const name of ["ateapi", "atelet", "contract"]) {
  test(`nothing in packages/${name} is decided by the name of a class`, async () => {
    const offences: string[] = [];
    let files = 0;
    for await (const path of glob(`packages/${name}/src/**/*.ts`, { cwd: checkout })) {
      if (/\.test\.ts$|\/testing\//.test(path)) continue;
      files += 1;
      const text = await readFile(join(checkout, path), "utf8");
      for (const [index, line] of text.split("\n").entries()) {
        if (isComment(line)) continue;
        const isNamed =
          /gvisor|runsc|microvm/i.test(line) && !allowed[path]?.some((known) => known.test(line));
        if (isNamed || decisions.test(line)) offences.push(`${path}:${index + 1}: ${line.trim()}`);
      }
    }
    assert.ok(files > 10);
    assert.deepEqual(offences, []);
  });
}

function isComment(line: string): boolean {
  return /^\s*(\/\/|\/?\*)/.test(line);
}

// The check of `npm run verify` that keeps deployed back ends, node supervisors and clients working.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");

describe("the contract's baseline", () => {
  it("accepts the contracts as they are", () => {
    assert.equal(check([]).status, 0);
  });

  it("accepts a new field", () => {
    const added = edit(
      "ateom/ateom.proto",
      "WorkloadSpec spec = 5;",
      "WorkloadSpec spec = 5;\n  string more = 99;",
    );
    assert.equal(check([added]).status, 0);
  });

  const breaks: [string, RegExp, Edit][] = [
    [
      "a removed field",
      /field "7".*"runtime_asset_paths".*"RunWorkloadRequest"/,
      edit("ateom/ateom.proto", "  map<string, string> runtime_asset_paths = 7;\n", ""),
    ],
    [
      "a renumbered field",
      /"5".*"spec"/,
      edit("ateom/ateom.proto", "WorkloadSpec spec = 5;", "WorkloadSpec spec = 6;"),
    ],
    [
      "a renamed field",
      /"identity"/,
      edit("ateom/ateom.proto", "string actor_id = 3;", "string identity = 3;"),
    ],
    ["a retyped field", /"port"/, edit("ateom/ateom.proto", "int32 port = 2;", "string port = 2;")],
    [
      "the reserved field 4 in use",
      /reserved.*"RunWorkloadRequest"/,
      edit("ateom/ateom.proto", "reserved 4;", "string runsc_path = 4;"),
    ],
    [
      "a removed call",
      /"Thaw"/,
      edit("substrate/v1/extensions.proto", "rpc Thaw(ThawRequest) returns (ThawResponse);", ""),
    ],
  ];
  for (const [name, complaint, change] of breaks) {
    it(`refuses ${name}`, () => {
      const { status, stderr } = check([change]);
      assert.notEqual(status, 0);
      assert.match(stderr, complaint);
      assert.match(stderr, /break programs that speak them/);
    });
  }
});

interface Edit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

function edit(file: string, before: string, after: string): Edit {
  return { file, before, after };
}

function check(edits: readonly Edit[]): { status: number | null; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), "contract-baseline-"));
  try {
    cpSync(join(root, "proto"), join(folder, "proto"), { recursive: true });
    cpSync(join(root, "buf.yaml"), join(folder, "buf.yaml"));
    for (const { file, before, after } of edits) {
      const path = join(folder, "proto", file);
      const text = readFileSync(path, "utf8");
      assert.ok(text.includes(before), `${file} has ${before}`);
      writeFileSync(path, text.replace(before, after));
    }
    return spawnSync("sh", [join(root, "setup/check-contract.sh"), folder], {
      encoding: "utf8",
      timeout: 60_000,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

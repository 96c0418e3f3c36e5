// What an author outside the workspace gets: the packed packages, installed in an empty project, type-checked by an
// older and the present compiler, and run by both supported versions of Node.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const bin = join(root, "node_modules/.bin");
const consumer = join(import.meta.dirname, "consumer");
const programs = readdirSync(consumer).map((file) => basename(file, ".ts"));

describe("the packed packages", () => {
  let folder: string;
  let project: string;
  let tarballs: string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "packed-"));
    const packed = join(folder, "packed");
    await run(process.execPath, [join(root, "setup/pack-packages.ts"), packed], root);
    tarballs = readdirSync(packed).map((file) => join(packed, file));
    project = mkdtempSync(join(folder, "project-"));
    layOutProject(project, tarballs);
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], project);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("are those of the authors, and hold no test", async () => {
    const names = tarballs.map((tarball) => basename(tarball).replace(/-[\d.]+\.tgz$/, ""));
    assert.deepEqual(names.sort(), [
      "agent-substrate-ateom-kit",
      "agent-substrate-contract",
      "agent-substrate-rpc-kit",
      "agent-substrate-sdk",
    ]);
    for (const tarball of tarballs) {
      const list = await run("tar", ["-tzf", tarball], folder);
      assert.doesNotMatch(list, /\.test\.|test-support/);
      for (const file of ["README.md", "LICENSE", "dist/src/index.js", "dist/src/index.d.ts"]) {
        assert.ok(list.includes(`package/${file}\n`), `${tarball} has ${file}`);
      }
    }
  });

  it("are well formed for Node and for compilers", async () => {
    for (const tarball of tarballs) {
      await run(join(bin, "publint"), ["--strict", tarball], folder);
      // The packages are ES modules; what only CommonJS or Node 10 would do is not offered.
      await run(join(bin, "attw"), ["--profile", "esm-only", tarball], folder);
    }
  });

  for (const moduleResolution of ["nodenext", "bundler"]) {
    it(`type-check under ${moduleResolution}`, async () => {
      for (const compiler of [join(bin, "tsc"), join(project, "node_modules/.bin/tsc")]) {
        await run(compiler, ["-p", `tsconfig.${moduleResolution}.json`], project);
      }
    });
  }

  for (const version of ["22", "24"]) {
    it(`run on Node ${version}`, async () => {
      const node = version === "24" ? process.execPath : join(project, "node_modules/node22/bin/node");
      assert.match(await run(node, ["--version"], project), new RegExp(`^v${version}\\.`));
      const [contract, sdk, kit] = await Promise.all(
        ["readme-contract", "refused-call", "tiny-back-end"].map((name) =>
          run(node, [`dist/${name}.js`], project),
        ),
      );
      assert.match(
        contract ?? "",
        /\/var\/lib\/ateom-gvisor\/ateoms\/worker-1\/ateom\.sock\n.*checkpoint-state\n\d+\nsha256: .* is no sha256/,
      );
      assert.match(sdk ?? "", /^\[unavailable\]/);
      assert.equal(kit, "tiny 1\n");
    });
  }
});

function layOutProject(project: string, tarballs: readonly string[]): void {
  const installed = tarballs.map((tarball) => [
    `@agent-substrate/${basename(tarball).replace(/^agent-substrate-(.*?)-[\d.]+\.tgz$/, "$1")}`,
    `file:${tarball}`,
  ]);
  writeJson(join(project, "package.json"), {
    type: "module",
    private: true,
    dependencies: {
      ...Object.fromEntries(installed),
      "@bufbuild/protobuf": "2.17.0",
      "@connectrpc/connect": "2.2.0",
      "@types/node": "22.20.5",
      node22: `npm:node-linux-${process.arch}@22.23.3`,
      typescript: "5.9.3",
    },
  });
  for (const program of programs)
    copyFileSync(join(consumer, `${program}.ts`), join(project, `${program}.ts`));
  for (const name of ["contract", "rpc-kit", "sdk"]) {
    writeFileSync(join(project, `readme-${name}.ts`), exampleOf(join(root, "packages", name, "README.md")));
  }
  const settings = {
    target: "es2024",
    lib: ["es2024", "esnext.disposable", "dom"],
    strict: true,
    types: ["node"],
  };
  for (const [module, moduleResolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    const compilerOptions = { ...settings, module, moduleResolution, outDir: "dist" };
    writeJson(join(project, `tsconfig.${moduleResolution}.json`), { compilerOptions, include: ["*.ts"] });
  }
}

/** The README's example. */
function exampleOf(readme: string): string {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(readme, "utf8"))?.[1];
  assert.ok(code, `${readme} has an example`);
  return code;
}

/** Answers what the program said on stdout. */
async function run(program: string, argv: readonly string[], cwd: string): Promise<string> {
  try {
    return (await promisify(execFile)(program, argv, { cwd, timeout: 120_000, maxBuffer: 16 << 20 })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${basename(program)} ${argv.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

// pack-packages.ts FOLDER: makes the packages that authors install, as FOLDER/agent-substrate-<name>-<version>.tgz.
//
// The workspace runs its TypeScript sources directly, but Node strips no types under node_modules: a packed package
// holds JavaScript and declarations beside the sources they came from. Each package is compiled in a staged copy,
// against the staged packages it depends on, so that what is checked here is what an author gets.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

/** In the order in which they depend on each other. */
const published = ["contract", "rpc-kit", "ateom-kit", "sdk"] as const;

const root = resolve(import.meta.dirname, "..");

const folder = process.argv[2];
if (folder === undefined || process.argv.length > 3) {
  console.error("usage: npm run pack -- FOLDER");
  process.exit(2);
}
packInto(resolve(process.env.INIT_CWD ?? ".", folder));

function packInto(destination: string): void {
  mkdirSync(destination, { recursive: true });
  mkdirSync(join(root, "dist"), { recursive: true });
  // Below the checkout, where the compiler finds the dependencies that all packages share.
  const stage = mkdtempSync(join(root, "dist/pack-"));
  try {
    for (const name of published) {
      stagePackage(name, stage);
      run("tsc", ["-p", join(stage, name)], join(stage, name));
      run(
        "npm",
        ["pack", "--silent", "--ignore-scripts", "--pack-destination", destination],
        join(stage, name),
      );
    }
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function stagePackage(name: string, stage: string): void {
  const source = join(root, "packages", name);
  const target = join(stage, name);
  for (const part of ["src", "gen", "schemas", "vectors", "README.md"]) {
    if (existsSync(join(source, part)))
      cpSync(join(source, part), join(target, part), { recursive: true, filter: isShipped });
  }
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
  if (name === "contract") cpSync(join(root, "proto"), join(target, "proto"), { recursive: true });
  writeJson(
    join(target, "package.json"),
    publishedManifest(JSON.parse(readFileSync(join(source, "package.json"), "utf8"))),
  );
  writeJson(join(target, "tsconfig.json"), compilerSettings());
  const link = join(stage, "node_modules/@agent-substrate", name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, link);
}

function isShipped(path: string): boolean {
  return !path.endsWith(".test.ts") && !path.endsWith("/test-support");
}

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
}

/** What `exports` names in the workspace as a source, it names here as that source's JavaScript and declarations. */
function publishedManifest(manifest: Manifest): object {
  const exports = Object.entries(manifest.exports).map(([name, target]) => [name, compiledTarget(target)]);
  return {
    ...manifest,
    engines: { node: ">=22" },
    sideEffects: false,
    exports: Object.fromEntries(exports),
    files: ["dist", "src", "gen", "proto", "schemas", "vectors"],
  };
}

function compiledTarget(target: string): string | { types: string; default: string } {
  if (!target.endsWith(".ts")) return target;
  const compiled = `./dist/${target.slice("./".length, -".ts".length)}`;
  return { types: `${compiled}.d.ts`, default: `${compiled}.js` };
}

function compilerSettings(): object {
  return {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      // What Node 22 runs; `using` declarations are compiled.
      target: "es2024",
      rootDir: ".",
      outDir: "dist",
      noEmit: false,
      declaration: true,
      declarationMap: true,
      sourceMap: true,
      rewriteRelativeImportExtensions: true,
      typeRoots: [join(root, "node_modules/@types")],
    },
    include: ["src", "gen"],
    exclude: [],
  };
}

function run(program: string, argv: readonly string[], cwd: string): void {
  const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  execFileSync(program, argv, {
    cwd,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 120_000,
  });
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

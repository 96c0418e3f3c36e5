#!/usr/bin/env node
// Before any import: an older Node.js fails on what follows with a text that helps nobody.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `substrate needs Node.js 24 or newer; this is ${process.versions.node} (${process.execPath})`,
  );
  process.exit(1);
}
const { keepCompiledCode } = await import("./compile-cache.ts");
keepCompiledCode();
const { runCli } = await import("./run-cli.ts");
// A reader such as `head` that has seen enough is no failure; what was begun is finished all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exit(1);
  });
}
process.exitCode = await runCli(process.argv.slice(2), process);

export {};

// write-schemas.ts FOLDER: the JSON Schema of each resource as FOLDER/<Kind>.json, and FOLDER/Resource.json for a
// document of any of them, as editors and authors in other languages use them.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourceJsonSchemas, resourceKinds } from "@agent-substrate/contract";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: write-schemas.ts FOLDER");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const [kind, schema] of Object.entries(resourceJsonSchemas())) write(kind, { title: kind, ...schema });
write("Resource", {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Resource",
  type: "object",
  required: ["kind"],
  // A rule a kind, so that an editor names the field that is wrong and not "no alternative fits".
  properties: { kind: { enum: resourceKinds } },
  allOf: resourceKinds.map((kind) => ({
    if: { properties: { kind: { const: kind } }, required: ["kind"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { $ref: `${kind}.json` },
  })),
});

/** In the form that `npm run lint` wants of every file. */
function write(name: string, schema: object): void {
  const formatted = execFileSync(
    join(import.meta.dirname, "../node_modules/.bin/biome"),
    ["format", `--stdin-file-path=${name}.json`],
    { cwd: join(import.meta.dirname, ".."), input: JSON.stringify(schema), timeout: 60_000 },
  );
  writeFileSync(join(folder as string, `${name}.json`), formatted);
}

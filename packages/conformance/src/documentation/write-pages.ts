import { mkdir, writeFile } from "node:fs/promises";
import { backEndContractPage } from "./back-end-contract-page.ts";
import { itemPages } from "./item-pages.ts";

const reference = new URL("../../../../docs/reference/", import.meta.url);

await mkdir(new URL("conformance/", reference), { recursive: true });
await writeFile(new URL("back-end-contract.md", reference), backEndContractPage());
for (const [group, text] of itemPages()) {
  await writeFile(new URL(`conformance/${group}.md`, reference), text);
}

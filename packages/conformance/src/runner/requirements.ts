import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

const programs = ["ip", "nft", "unshare", "nsenter", "mount", "tini"];

/** Programs that the suite needs and that are not in the folders of `PATH`. */
export async function missingPrograms(path: string): Promise<string[]> {
  const folders = path.split(delimiter).filter(Boolean);
  const missing: string[] = [];
  for (const program of programs) {
    const found = await Promise.all(
      folders.map((folder) =>
        access(join(folder, program), constants.X_OK).then(
          () => true,
          () => false,
        ),
      ),
    );
    if (!found.includes(true)) missing.push(program);
  }
  return missing;
}

import { access } from "node:fs/promises";
import { join } from "node:path";
import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const rootShared: Item = {
  id: "run/root-shared",
  title: "What an actor writes is not written to its image.",
  rule: "actor-root-shared",
  about:
    "The actor writes to its root file system; the suite looks for the files in the directory that the bundle names as root. All actors of an image on a node have the same directory.",
  mistakes: "A plain chroot into the root directory. Mount an overlay over it, or copy it.",
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    await worker.probe.count();
    const paths = ["/tmp/written", "/var/probe-count"];
    for (const path of paths) await worker.probe.ask("POST /write", { query: { path }, body: "1" });
    for (const path of paths) {
      const isThere = await access(join(bench.shared.place.image, path)).then(
        () => true,
        () => false,
      );
      expectEqual(isThere, false, `whether the image now has ${path}`);
    }
  },
};

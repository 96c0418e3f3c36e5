import type { Item } from "../../item.ts";
import { proveRefused } from "../refused-everywhere.ts";

export const keyLength: Item = {
  id: "requests/key-length",
  title: "Names that are too long together are refused.",
  rule: "request-names",
  about:
    "Each name is allowed, but `<ns>:<template>:<id>` has 256 bytes, one more than a directory's name may have.",
  mistakes: "An error of the file system in place of INVALID_ARGUMENT.",
  run(bench) {
    const template = Array.from({ length: 4 }, () => "a".repeat(40)).join(".");
    const fields = {
      actorTemplateNamespace: "n".repeat(45),
      actorTemplateName: template,
      actorId: "i".repeat(256 - 2 - 45 - template.length),
    };
    return proveRefused(bench, [{ what: "names of 256 bytes together", fields }]);
  },
};

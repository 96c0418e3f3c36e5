import type { Item } from "../../item.ts";
import { proveRefused } from "../refused-everywhere.ts";

export const readyzPort: Item = {
  id: "requests/readyz-port",
  title: "A readyz port outside of 1 to 65535 is refused.",
  rule: "request-readyz",
  about: "Sends the ports 0, -1, 65536 and the largest that the field holds.",
  mistakes: "Starting the workload, and waiting for 30 s at a port that there cannot be.",
  run: (bench) =>
    proveRefused(
      bench,
      [0, -1, 65_536, 2 ** 31 - 1].map((port) => ({
        what: `readyz port ${port}`,
        fields: { spec: { containers: [{ name: "app", readyz: { httpGet: { path: "", port } } }] } },
      })),
    ),
};

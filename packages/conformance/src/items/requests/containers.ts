import type { Item } from "../../item.ts";
import { proveRefused } from "../refused-everywhere.ts";

export const containers: Item = {
  id: "requests/containers",
  title: "A workload without containers, with one twice, or with `pause` is refused.",
  rule: "request-containers",
  about: "Sends no spec, no containers, the same name twice, and the reserved name.",
  mistakes: "Success without anything to run.",
  run: (bench) =>
    proveRefused(bench, [
      { what: "no spec", fields: { spec: undefined } },
      { what: "no containers", fields: { spec: { containers: [] } } },
      { what: "a container twice", fields: { spec: { containers: [{ name: "app" }, { name: "app" }] } } },
      { what: "a container named pause", fields: { spec: { containers: [{ name: "pause" }] } } },
    ]),
};

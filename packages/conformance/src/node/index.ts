export { nodeItems } from "./items/index.ts";
export type { NodeItem, NodeNeed } from "./node-item.ts";
export type { NodeSettings, NodeWorkerAddress } from "./node-settings.ts";
export { type NodeReport, runNodeConformance, selectNodeItems } from "./run-node-conformance.ts";

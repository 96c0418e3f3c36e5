export type { User } from "./access/drop-privileges.ts";
export type { NodeLease } from "./nodes/node-directory.ts";
export { readStaticNodes } from "./nodes/static/read-static-nodes.ts";
export type { StaticNode, StaticWorker } from "./nodes/static/static-node.ts";
export type { AteapiOptions } from "./options.ts";
export type { RouterLease } from "./routes/router-leases.ts";
export { type Running, startAteapi } from "./start-ateapi.ts";

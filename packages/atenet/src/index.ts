export type { AtenetOptions } from "./options.ts";
export { type Running, startAtenet } from "./start-atenet.ts";

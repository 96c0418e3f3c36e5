export type { AteletOptions, RunningAtelet } from "./start-atelet.ts";
export { startAtelet } from "./start-atelet.ts";

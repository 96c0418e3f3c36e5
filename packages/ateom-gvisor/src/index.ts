export { createGvisorBackEnd } from "./gvisor-ateom.ts";

export { registerStandaloneCommands } from "./commands.ts";
export { nodeProgramImage } from "./demo/node-program-image.ts";
export { waitForTemplate } from "./demo/wait-for-template.ts";

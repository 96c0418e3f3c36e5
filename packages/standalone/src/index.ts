export { registerStandaloneCommands } from "./commands.ts";
export { waitForTemplate } from "./demo/wait-for-template.ts";
export { nodeProgramImage } from "./images/node-program-image.ts";

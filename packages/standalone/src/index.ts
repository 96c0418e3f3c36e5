export { registerStandaloneCommands } from "./commands.ts";

import type { Command } from "commander";

/** The verbs that take a noun. */
export interface Verbs {
  readonly get: Command;
  readonly create: Command;
  readonly delete: Command;
  readonly resume: Command;
  readonly suspend: Command;
  readonly pause: Command;
  readonly logs: Command;
}

export function createVerbs(program: Command): Verbs {
  const verb = (name: string, description: string) => program.command(name).description(description);
  return {
    get: verb("get", "show what is there"),
    create: verb("create", "make an atespace or an actor"),
    delete: verb("delete", "remove an actor, an atespace or the resources of a file"),
    resume: verb("resume", "wake an actor"),
    suspend: verb("suspend", "store an actor's snapshot and free its worker"),
    pause: verb("pause", "keep an actor's snapshot on its node and free its worker"),
    logs: verb("logs", "show what an actor wrote"),
  };
}

/** The part of a `--help` that says how a command is used. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  substrate ${line}`).join("\n")}\n`;
}

import { upOptionSpecs } from "../options.ts";
import {
  examineControlGroups,
  examineDisk,
  examineMemory,
  examinePort,
  examineRuntime,
} from "./examine-resources.ts";
import {
  examineCommands,
  examineForwarding,
  examineGracePeriods,
  examineKernel,
  examineRoot,
} from "./examine-system.ts";
import { type Finding, formatFinding } from "./finding.ts";

/** `substrate doctor`: throws where `up` would not work. Changes nothing. */
export async function runDoctor(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { data, listen, router } = upOptionSpecs;
  const findings: Finding[] = [
    await examineRoot(),
    await examineKernel(),
    await examineCommands(),
    await examineRuntime(environment.SUBSTRATE_RUNSC),
    await examineControlGroups(),
    await examineForwarding(),
    await examineDisk(environment[data.env] || data.default),
    await examineMemory(),
    await examinePort(listen.default?.port ?? 0, listen.env, "--listen"),
    await examinePort(router.default?.port ?? 0, router.env, "--router"),
    await examineGracePeriods(),
  ];
  for (const finding of findings) process.stdout.write(`${formatFinding(finding)}\n`);
  const lacking = findings.filter(({ verdict }) => verdict === "lacks").length;
  if (lacking > 0)
    throw new Error(`this machine cannot run \`substrate up\`: ${lacking} of these are lacking`);
  process.stdout.write("this machine can run `substrate up`\n");
}

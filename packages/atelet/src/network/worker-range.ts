// Which addresses the workers of this node have. The range is claimed by a blackhole route: adding
// one is atomic over the machine, and what is sent to a worker that is gone ends there (L14).
import { createHash } from "node:crypto";
import { CommandFailed, runCommand, runUnless } from "../run-command.ts";
import { formatRange, type Ipv4Range, parseRange, rangesOverlap } from "./ipv4-range.ts";

/** 100.96.0.0/11, half of the shared address space, which is nobody's in particular. */
const space: Ipv4Range = { first: 100 * 2 ** 24 + 96 * 2 ** 16, prefixLength: 11 };
/** 256 links of four addresses. */
export const rangePrefixLength = 22;
const candidatesTried = 256;

/**
 * Claims a range that no route of this machine touches. Where it begins to look depends on `seed`, so
 * that an installation mostly has the same range again.
 */
export async function claimWorkerRange(seed: string): Promise<Ipv4Range> {
  const count = 2 ** (rangePrefixLength - space.prefixLength);
  const start = createHash("sha256").update(seed).digest().readUInt32BE(0) % count;
  const routed = await readRoutedRanges();
  for (let step = 0; step < candidatesTried; step += 1) {
    const position = (start + step) % count;
    const range: Ipv4Range = {
      first: space.first + position * 2 ** (32 - rangePrefixLength),
      prefixLength: rangePrefixLength,
    };
    if (routed.some((taken) => rangesOverlap(taken, range))) continue;
    if (await addBlackhole(range)) return range;
  }
  throw new Error(`no free range for workers in ${formatRange(space)}; routes of this machine fill it`);
}

/** Gives a range back. Idempotent. */
export async function releaseWorkerRange(range: Ipv4Range): Promise<void> {
  await runUnless("No such process", ["ip", "route", "del", "blackhole", formatRange(range)]);
}

async function addBlackhole(range: Ipv4Range): Promise<boolean> {
  try {
    await runCommand(["ip", "route", "add", "blackhole", formatRange(range)]);
    return true;
  } catch (error) {
    if (error instanceof CommandFailed && error.stderr.includes("File exists")) return false;
    throw error;
  }
}

async function readRoutedRanges(): Promise<Ipv4Range[]> {
  const routes = JSON.parse(await runCommand(["ip", "-json", "-4", "route", "show", "table", "all"])) as {
    dst?: string;
  }[];
  return routes.flatMap(({ dst }) => parseRange(dst ?? "") ?? []);
}

import type { Code, ConnectError } from "@connectrpc/connect";

/** A failure whose text is complete. Exit code 1, or 2 where the command line itself was wrong. */
export class CliFailure extends Error {
  override readonly name = "CliFailure";
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What a failed call means to whoever typed the command. */
export interface Attempt {
  /** What was tried, after "cannot": `resume actor default/a`. */
  readonly doing: string;
  readonly endpoint: string;
  /** What to do where the object is not there. */
  readonly ifNotFound?: string;
}

/** Runs `call`; a failure becomes a `CliFailure` that says what happened, to what, and what to do next. */
export async function attempt<T>(about: Attempt, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { Code, ConnectError } = await import("@connectrpc/connect");
    if (!(error instanceof ConnectError)) throw error;
    throw new CliFailure(describeFailure(about, error, Code[error.code]));
  }
}

function describeFailure(about: Attempt, error: ConnectError, codeName: string): string {
  const { doing, endpoint } = about;
  if (codeName === "Unavailable" && error.rawMessage.startsWith("nobody answers")) {
    return `cannot ${doing}: no control plane at ${endpoint}; start one with ./substrate up, or name another with --endpoint (SUBSTRATE_ENDPOINT)`;
  }
  const next = nextStep(about, codeName as keyof typeof Code);
  const code = codeName.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return `cannot ${doing}: ${error.rawMessage || "no reason was given"} (${code})${next ? `; ${next}` : ""}`;
}

function nextStep({ ifNotFound, endpoint }: Attempt, code: keyof typeof Code): string | undefined {
  switch (code) {
    case "NotFound":
      return ifNotFound;
    case "Unauthenticated":
    case "PermissionDenied":
      return "run it as root or as the owner, or set SUBSTRATE_TOKEN";
    case "DeadlineExceeded":
      return "what was begun goes on in the control plane; wait longer with --timeout (SUBSTRATE_TIMEOUT)";
    case "Unavailable":
      return `look whether the control plane at ${endpoint} still runs, then try again`;
    case "Unimplemented":
      return `what serves at ${endpoint} is no control plane, or an older one`;
    default:
      return undefined;
  }
}

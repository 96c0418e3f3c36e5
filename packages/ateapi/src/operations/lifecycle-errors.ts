import { Code, ConnectError } from "@connectrpc/connect";
import { type ActorName, type ActorRecord, displayName } from "../actors/actor-record.ts";

export function noSuchActor(name: ActorName): ConnectError {
  return new ConnectError(`there is no actor ${displayName(name)}`, Code.NotFound);
}

/** Another operation than the asked one is in flight. */
export function busy(actor: ActorRecord): ConnectError {
  const kind = actor.operation?.kind ?? "another operation";
  return new ConnectError(`${displayName(actor)} is busy (${kind}); try again when it is over`, Code.Aborted);
}

/** Whoever wants a boot must not be given a restore instead. */
export function resumingWithoutBoot(name: ActorName): ConnectError {
  const text = `${displayName(name)} is being resumed without boot; suspend it first, or ask without boot`;
  return new ConnectError(text, Code.Aborted);
}

export function wrongStatus(actor: ActorRecord, need: string): ConnectError {
  const text = `${displayName(actor)} is ${actor.status}; ${need}`;
  return new ConnectError(text, Code.FailedPrecondition);
}

export function crashed(actor: ActorRecord): ConnectError {
  const text = `${displayName(actor)} crashed: ${actor.crashReason ?? "its worker was lost"}; suspend it to take it back to its last snapshot, then resume it`;
  return new ConnectError(text, Code.FailedPrecondition);
}

/** Begins with words that clients look for. */
export function noFreeWorkers(reason?: string): ConnectError {
  const text = "no free workers available";
  return new ConnectError(reason === undefined ? text : `${text}: ${reason}`, Code.FailedPrecondition);
}

/** A new actor begins with its template's golden snapshot. */
export function noGoldenYet(template: string, reason?: string): ConnectError {
  const hint = reason ?? "try again, or see its status";
  const text = `the golden snapshot of template ${template} is still being made; ${hint}`;
  return new ConnectError(text, Code.FailedPrecondition);
}

/** The router answers 503 with Retry-After. */
export function tooManyWait(): ConnectError {
  return new ConnectError("too many actors wait for a worker; try again later", Code.Unavailable);
}

export function lostRace(name: ActorName): ConnectError {
  return new ConnectError(
    `${displayName(name)} was changed by somebody else meanwhile; try again`,
    Code.Aborted,
  );
}

export function belongsToTemplate(name: ActorName): ConnectError {
  const text = `${displayName(name)} is a golden actor; it belongs to its template`;
  return new ConnectError(text, Code.FailedPrecondition);
}

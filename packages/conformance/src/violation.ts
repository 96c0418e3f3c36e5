/** What a back end did otherwise than the contract says. The message tells what was seen. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** Why an item cannot be judged here; it counts as not run, never as passed. */
export class NotRun extends Error {
  override readonly name = "NotRun";
}

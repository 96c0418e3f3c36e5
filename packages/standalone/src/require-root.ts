/** What this process may not do, in words for whoever started it. */
export class RefusedToRun extends Error {
  override readonly name = "RefusedToRun";
}

/** Sandboxes, network namespaces and mounts are root's alone. Throws `RefusedToRun` with the line to type. */
export function requireRoot(verb: string, words: readonly string[] = process.argv.slice(2)): void {
  if (process.geteuid?.() === 0) return;
  const line = ["sudo", "./substrate", ...(words.length > 0 ? words : [verb])].map(shellWord).join(" ");
  throw new RefusedToRun(`substrate ${verb} needs root for sandboxes and their networks: ${line}`);
}

/** For people to copy; never run by us. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

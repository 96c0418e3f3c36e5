/**
 * Columns side by side, three spaces apart, without trailing spaces. Empty cells show as `-`. `widths`
 * is widened where need be; handed in again, later rows stand under earlier ones.
 */
export function formatTable(rows: readonly (readonly string[])[], widths: number[] = []): string[] {
  const shown = rows.map((row) => row.map((cell) => (cell === "" ? "-" : printable(cell))));
  for (const row of shown) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return shown.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("   ")
      .trimEnd(),
  );
}

/** A server's text must not move the cursor or colour the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}

/** The value that `share` (0..1) of the numbers do not exceed. Throws where there are none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("a quantile of no numbers");
  return value;
}

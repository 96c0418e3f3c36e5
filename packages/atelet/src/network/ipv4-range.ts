/** Addresses `first` .. `first` + 2^(32 - prefixLength) - 1, as numbers. */
export interface Ipv4Range {
  readonly first: number;
  readonly prefixLength: number;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

export function formatRange(range: Ipv4Range): string {
  return `${formatAddress(range.first)}/${range.prefixLength}`;
}

/** Reads `a.b.c.d` or `a.b.c.d/n`; undefined for what is neither. */
export function parseRange(text: string): Ipv4Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const prefixLength = match[5] === undefined ? 32 : Number(match[5]);
  if (bytes.some((byte) => byte > 255) || prefixLength > 32) return undefined;
  return { first: bytes.reduce((sum, byte) => sum * 256 + byte, 0), prefixLength };
}

export function rangesOverlap(one: Ipv4Range, other: Ipv4Range): boolean {
  return one.first < end(other) && other.first < end(one);
}

function end(range: Ipv4Range): number {
  return range.first + 2 ** (32 - range.prefixLength);
}

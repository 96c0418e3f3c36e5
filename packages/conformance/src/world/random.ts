/** Numbers that are the same for the same seed. */
export interface Random {
  /** 0 <= x < 1. */
  next(): number;
  /** 0 <= x < max, whole. */
  below(max: number): number;
  bytes(length: number): Buffer;
}

/** The generator mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (max: number) => Math.floor(next() * max);
  return { next, below, bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))) };
}

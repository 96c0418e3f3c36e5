import { z } from "zod";
import { InvalidInput } from "../names.ts";

const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE]([+-]?\d{1,2}))?$/;
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity (`512Mi`, `500m`, `1e3`) in its base unit: bytes, cores, or a count. */
export function parseQuantity(field: string, text: string): number {
  const [, digits, suffix, exponent] = pattern.exec(text) ?? [];
  if (digits === undefined) {
    throw new InvalidInput(field, `${JSON.stringify(text)} is no quantity; it should be like 512Mi or 500m`);
  }
  return Number(digits) * (suffix ? (factors[suffix] ?? 1) : 10 ** Number(exponent ?? 0));
}

/** Whole bytes, rounded up. */
export function parseBytes(field: string, text: string): number {
  return Math.ceil(parseQuantity(field, text));
}

/** Thousandths of a core, rounded up. */
export function parseMillicores(field: string, text: string): number {
  // Rounded first, because 0.1 * 1000 may come out above 100.
  return Math.ceil(Number((parseQuantity(field, text) * 1000).toFixed(6)));
}

/** A quantity above zero; a plain number is taken as one, as Kubernetes does. */
export const quantity = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => pattern.test(text) && parseQuantity("", text) > 0, {
    error: "should be a quantity above zero, like 512Mi or 500m",
  });

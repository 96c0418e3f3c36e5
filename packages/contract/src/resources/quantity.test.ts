import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type LabelSelector,
  matchesSelector,
  parseBytes,
  parseDuration,
  parseMillicores,
  parseQuantity,
} from "./index.ts";

for (const [text, bytes] of [
  ["512Mi", 512 * 2 ** 20],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["1G", 1e9],
  ["128974848", 128974848],
  ["129e6", 129e6],
  ["1E", 1e18],
  ["123456789m", 123457],
  [".5Ki", 512],
] as const) {
  test(`${text} is ${bytes} bytes`, () => assert.equal(parseBytes("memory", text), bytes));
}

for (const text of ["", "Mi", "1mi", "1 Mi", "1e", "0x10", "1.2.3", "Infinity"]) {
  test(`${JSON.stringify(text)} is no quantity`, () => {
    assert.throws(() => parseQuantity("memory", text), { field: "memory" });
  });
}

test("cores in thousandths", () => {
  assert.deepEqual(
    ["500m", "2", "0.1", "1u"].map((text) => parseMillicores("cpu", text)),
    [500, 2000, 100, 1],
  );
});

test("durations", () => {
  assert.deepEqual(
    ["1h30m", "45s", "500ms", "2m1s"].map((text) => parseDuration("d", text)),
    [5_400_000, 45_000, 500, 121_000],
  );
  for (const text of ["", "5", "1d", "-1s", "1s1h"])
    assert.throws(() => parseDuration("d", text), { field: "d" });
});

test("a selector matches when all its parts do", () => {
  const selector = (part: Partial<LabelSelector>): LabelSelector => ({
    matchLabels: {},
    matchExpressions: [],
    ...part,
  });
  const labels = { tier: "a", zone: "x" };
  const expect = (part: Partial<LabelSelector>, matches: boolean) =>
    assert.equal(matchesSelector(selector(part), labels), matches, JSON.stringify(part));
  expect({}, true);
  expect({ matchLabels: { tier: "a" } }, true);
  expect({ matchLabels: { tier: "a", zone: "y" } }, false);
  const one = (
    key: string,
    operator: LabelSelector["matchExpressions"][number]["operator"],
    ...values: string[]
  ) => ({
    matchExpressions: [{ key, operator, values }],
  });
  expect(one("tier", "In", "a", "b"), true);
  expect(one("tier", "In", "b"), false);
  expect(one("none", "NotIn", "b"), true);
  expect(one("tier", "NotIn", "a"), false);
  expect(one("tier", "Exists"), true);
  expect(one("none", "Exists"), false);
  expect(one("none", "DoesNotExist"), true);
  expect(one("tier", "DoesNotExist"), false);
});

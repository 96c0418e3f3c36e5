import assert from "node:assert/strict";
import { test } from "node:test";
import { OptionError, parseOption, resolveOptions } from "./index.ts";

const specs = {
  dataDir: {
    help: "Where all state lies.",
    env: "SUBSTRATE_DATA",
    default: "/var/lib/x",
    parse: parseOption.absolutePath,
  },
  workers: {
    help: "Workers a pool.",
    env: "SUBSTRATE_WORKERS",
    default: 2,
    parse: parseOption.integer(0, 100),
  },
  listen: { help: "Address of the API.", env: "SUBSTRATE_LISTEN", parse: parseOption.hostPort },
} as const;

test("flag before environment before default", () => {
  const env = { SUBSTRATE_WORKERS: "5", SUBSTRATE_LISTEN: "[::1]:7070" };
  const values = resolveOptions(specs, ["--listen", "127.0.0.1:0", "--data-dir=/d"], env);
  assert.deepEqual(values, { dataDir: "/d", workers: 5, listen: { host: "127.0.0.1", port: 0 } });
  assert.deepEqual(resolveOptions(specs, [], env).listen, { host: "::1", port: 7070 });
});

for (const [argv, env, message] of [
  [[], {}, "--listen (SUBSTRATE_LISTEN) is required: Address of the API."],
  [["--listen=x"], {}, '--listen (SUBSTRATE_LISTEN): "x" should be host:port'],
  [["--listen=h:70000"], {}, '--listen (SUBSTRATE_LISTEN): "h:70000" should be host:port'],
  [
    ["--listen=h:1"],
    { SUBSTRATE_WORKERS: "-1" },
    '--workers (SUBSTRATE_WORKERS): "-1" should be a whole number between 0 and 100',
  ],
  [["--listen=h:1", "--data-dir=x"], {}, '--data-dir (SUBSTRATE_DATA): "x" should be an absolute path'],
] as const) {
  test(message, () => {
    assert.throws(() => resolveOptions(specs, argv, env), new OptionError(message));
  });
}

test("an unknown flag is an OptionError", () => {
  assert.throws(() => resolveOptions(specs, ["--nonsense"], {}), OptionError);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  InvalidInput,
  validateActorKey,
  validateAssetHash,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateFileName,
  validateLabels,
  validateMountPath,
  validateQualifiedTemplate,
  validateSnapshotUriPrefix,
} from "./names.ts";

const accepted = (check: (value: string) => unknown, values: readonly string[]) => {
  for (const value of values) assert.doesNotThrow(() => check(value), value);
};
const refused = (check: (value: string) => unknown, values: readonly string[]) => {
  for (const value of values) assert.throws(() => check(value), InvalidInput, JSON.stringify(value));
};

describe("names", () => {
  it("takes DNS-1123 labels and nothing else", () => {
    const check = (value: string) => validateDns1123Label("name", value);
    accepted(check, ["a", "a-1", "0", "x".repeat(63)]);
    refused(check, ["", "-a", "a-", "A", "a.b", "a_b", "a\n", "../a", "a/b", "é", "x".repeat(64)]);
  });

  it("takes DNS-1123 subdomains and nothing else", () => {
    const check = (value: string) => validateDns1123Subdomain("name", value);
    accepted(check, ["a", "a.b", "a-1.b-2"]);
    refused(check, ["", ".", "a.", ".a", "a..b", "a:b", `${"a.".repeat(127)}`]);
  });

  it("bounds what becomes one directory name to 255 bytes", () => {
    const label = "x".repeat(63);
    const template = Array.from({ length: 2 }, () => label).join(".");
    assert.doesNotThrow(() => validateActorKey({ namespace: label, template, actorId: "a".repeat(63) }));
    assert.throws(
      () => validateActorKey({ namespace: label, template: `${template}.aa`, actorId: "a".repeat(63) }),
      /at most 255/,
    );
  });

  it("qualifies a template by its atespace within the length of a subdomain", () => {
    assert.equal(validateQualifiedTemplate("counter", "team-a"), "counter.team-a");
    const long = Array.from({ length: 4 }, () => "x".repeat(60)).join(".");
    assert.throws(() => validateQualifiedTemplate(long, "y".repeat(20)), InvalidInput);
  });

  it("normalises asset hashes to lower case and refuses what has another length", () => {
    assert.equal(validateAssetHash("sha256", "AB".repeat(32)), "ab".repeat(32));
    refused(
      (value) => validateAssetHash("sha256", value),
      ["", "ab", "g".repeat(64), "a".repeat(63), `${"a".repeat(64)}\n`],
    );
  });

  it("takes plain file names only", () => {
    const check = (value: string) => validateFileName("file", value);
    accepted(check, ["a", "pages.img", "..a", "a b"]);
    refused(check, ["", ".", "..", "a/b", "/a", "..\\a", "a\0b", "a\nb", "x".repeat(256)]);
  });

  it("takes clean absolute mount paths only", () => {
    const check = (value: string) => validateMountPath("mountPath", value);
    accepted(check, ["/data", "/a/b.c/d"]);
    refused(check, ["", "data", "/", "/a:b", "/a/../b", "/a/./b", "/a//b", "/a/", "/a\tb"]);
  });

  it("takes scheme, bucket and path as a snapshot location, and trims one slash", () => {
    const check = (value: string) => validateSnapshotUriPrefix("location", value);
    assert.equal(check("s3://bucket/a/b/"), "s3://bucket/a/b");
    accepted(check, ["gs://bucket", "file:///var/lib/x"]);
    refused(check, [
      "",
      "bucket",
      "s3:bucket",
      "s3://",
      "s3:///path",
      "s3://user:pass@bucket/x",
      "s3://b/x?y",
      "s3://b/x#y",
      "s3://b/../x",
      "s3://b/%2e%2e/x",
      "file://host/x",
      "file:///",
      "file:///a/../b",
      "s3://b/a b",
    ]);
  });

  it("never shows a secret of a location that it refuses", () => {
    for (const value of [
      "s3://user:secret@bucket/x",
      "s3://u:secret@b/x?y",
      "s3://b/x?sig=secret",
      "x@y://u:secret@b",
    ]) {
      assert.throws(
        () => validateSnapshotUriPrefix("location", value),
        (error: Error) => !error.message.includes("secret"),
      );
    }
  });

  it("takes Kubernetes labels, ten at most", () => {
    assert.doesNotThrow(() => validateLabels("labels", { "a.b/c": "d", e: "" }));
    for (const [key, value] of [
      ["", "a"],
      ["-a", "b"],
      ["a", "b c"],
      ["A/b", "c"],
      ["a", "x".repeat(64)],
    ]) {
      const labels = { [String(key)]: String(value) };
      assert.throws(() => validateLabels("labels", labels), InvalidInput, JSON.stringify(labels));
    }
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, "v"]));
    assert.throws(() => validateLabels("labels", eleven), /at most 10/);
  });
});

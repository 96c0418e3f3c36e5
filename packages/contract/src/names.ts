// Validation, applied at every boundary before a path, label or URL is built from a name.

/** Bad input. `field` names what was wrong, in the notation of the message or object that held it. */
export class InvalidInput extends Error {
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.name = "InvalidInput";
    this.field = field;
  }
}

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const labelNamePattern = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** A DNS-1123 label: 1..63 characters of `[a-z0-9-]`, alphanumeric at both ends. */
export function validateDns1123Label(field: string, value: string): string {
  if (value === "") throw new InvalidInput(field, "is required");
  if (value.length > 63 || !labelPattern.test(value)) {
    throw new InvalidInput(
      field,
      `${quote(value)} is no DNS label; it should match ${labelPattern.source} and have at most 63 characters`,
    );
  }
  return value;
}

/** A DNS-1123 subdomain: dot-separated labels, 1..253 characters. */
export function validateDns1123Subdomain(field: string, value: string): string {
  if (value === "") throw new InvalidInput(field, "is required");
  if (value.length > 253 || !subdomainPattern.test(value)) {
    throw new InvalidInput(
      field,
      `${quote(value)} is no DNS subdomain; it should match ${subdomainPattern.source} and have at most 253 characters`,
    );
  }
  return value;
}

/** `<namespace>:<template>:<actor id>` names a directory: at most 255 bytes together. */
export function validateActorKey(key: { namespace: string; template: string; actorId: string }): void {
  validateDns1123Label("actor_template_namespace", key.namespace);
  validateDns1123Subdomain("actor_template_name", key.template);
  validateDns1123Label("actor_id", key.actorId);
  const length = key.namespace.length + key.template.length + key.actorId.length + 2;
  if (length > 255) {
    throw new InvalidInput(
      "actor_id",
      `"${key.namespace}:${key.template}:${key.actorId}" has ${length} bytes; at most 255 are allowed`,
    );
  }
}

/** Template and atespace as one name for back ends that know no atespace: `<template>.<atespace>`. */
export function validateQualifiedTemplate(template: string, atespace: string): string {
  return validateDns1123Subdomain("actor_template_name", `${template}.${atespace}`);
}

/** Exactly 64 hex characters, returned in lower case. */
export function validateAssetHash(field: string, value: string): string {
  if (!/^[0-9A-Fa-f]{64}$/.test(value)) {
    throw new InvalidInput(field, `${quote(value)} is no sha256; it should be exactly 64 hex characters`);
  }
  return value.toLowerCase();
}

/** A plain file name: no separator, not `.` or `..`, no control character, at most 255 bytes. */
export function validateFileName(field: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (value === "" || value === "." || value === ".." || /[/\\\u0000-\u001f\u007f]/.test(value)) {
    throw new InvalidInput(field, `${quote(value)} is no plain file name`);
  }
  if (Buffer.byteLength(value) > 255) throw new InvalidInput(field, "a file name has at most 255 bytes");
  return value;
}

/** A clean absolute path below `/`: no `:`, `.`, `..`, `//`, trailing `/` or control characters. */
export function validateMountPath(field: string, value: string): string {
  const fault = mountPathFault(value);
  if (fault) throw new InvalidInput(field, `${quote(value)} ${fault}`);
  return value;
}

function mountPathFault(value: string): string | undefined {
  if (!value.startsWith("/")) return "should start with /";
  if (value === "/") return "should not be /";
  if (value.length > 4096) return "is longer than 4096 characters";
  if (value.includes(":")) return "should not contain :";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(value)) return "should not contain control characters";
  const parts = value.slice(1).split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    return "should be a clean path, without //, /./, /../ or a trailing /";
  }
  return undefined;
}

/**
 * Scheme, bucket and path only. One trailing `/` is trimmed. `file` takes an absolute path and no
 * host; other schemes need a bucket.
 */
export function validateSnapshotUriPrefix(field: string, value: string): string {
  // What may hold a secret (user, password, query) is never repeated in the error.
  if (/^[^/]*:\/\/[^/]*@/.test(value)) throw new InvalidInput(field, "should not hold a user or password");
  if (/[?#]/.test(value)) throw new InvalidInput(field, "should not hold a query or fragment");
  const problem = (text: string) => new InvalidInput(field, `${quote(value)} ${text}`);
  if (value === "") throw new InvalidInput(field, "is required");
  if (value.length > 1024) throw problem("is longer than 1024 characters");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\s\u0000-\u001f\u007f%\\]/.test(value))
    throw problem("should not contain spaces, %, \\ or control characters");
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/.exec(value);
  if (!match) throw problem("is no snapshot location; it should be scheme://bucket/path");
  const [, scheme, bucket = "", path = ""] = match;
  if (path.split("/").some((part) => part === "." || part === ".."))
    throw problem("should not contain . or ..");
  if (scheme === "file") {
    if (bucket !== "" || path.length < 2) throw problem("should be file:///absolute/path");
  } else if (!/^[a-z0-9][a-z0-9._-]*$/i.test(bucket)) {
    throw problem("has no bucket");
  }
  return value.endsWith("/") ? value.slice(0, -1) : value;
}

/** Kubernetes label syntax, at most `max` labels (default 10). */
export function validateLabels(field: string, labels: Readonly<Record<string, string>>, max = 10): void {
  const entries = Object.entries(labels);
  if (entries.length > max)
    throw new InvalidInput(field, `has ${entries.length} labels; at most ${max} are allowed`);
  for (const [key, value] of entries) {
    const slash = key.indexOf("/");
    const name = key.slice(slash + 1);
    if (slash >= 0) validateDns1123Subdomain(`${field} key prefix`, key.slice(0, slash));
    if (name.length > 63 || !labelNamePattern.test(name)) {
      throw new InvalidInput(
        field,
        `${quote(key)} is no label key; its name should match ${labelNamePattern.source}`,
      );
    }
    if (value.length > 63 || !labelValuePattern.test(value)) {
      throw new InvalidInput(
        `${field}[${quote(key)}]`,
        `${quote(value)} is no label value; it should match ${labelValuePattern.source}`,
      );
    }
  }
}

function quote(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
}

// The part of an OCI runtime spec that this back end reads or changes; the rest is passed on as it is.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInput } from "@agent-substrate/contract";

export interface OciSpec {
  readonly process: { readonly args: readonly string[]; readonly [key: string]: unknown };
  readonly root: { readonly path: string; readonly [key: string]: unknown };
  readonly mounts: readonly OciMount[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly linux: { readonly namespaces: readonly OciNamespace[]; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

export interface OciMount {
  readonly destination: string;
  readonly type?: string;
  readonly source?: string;
  readonly options?: readonly string[];
}

export interface OciNamespace {
  readonly type: string;
  readonly path?: string;
}

const bytesMax = 1024 * 1024;

/** The spec of a bundle directory. Throws `InvalidInput` where it is none. */
export async function readBundle(directory: string): Promise<OciSpec> {
  const file = join(directory, "config.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInput(file, error.code === "ENOENT" ? "the bundle is missing" : error.message);
  });
  if (text.length > bytesMax) throw new InvalidInput(file, `is longer than ${bytesMax} bytes`);
  return parseSpec(file, text);
}

/** Checks what this package relies on. `field` names the text in errors. */
export function parseSpec(field: string, text: string): OciSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidInput(field, "is no JSON");
  }
  return checkSpec(field, value);
}

export function checkSpec(field: string, value: unknown): OciSpec {
  const spec = asRecord(field, value);
  const process = asRecord(`${field}.process`, spec.process);
  const root = asRecord(`${field}.root`, spec.root);
  const linux = asRecord(`${field}.linux`, spec.linux ?? {});
  if (typeof root.path !== "string") throw new InvalidInput(`${field}.root.path`, "is required");
  const args = asArray(`${field}.process.args`, process.args);
  if (args.length === 0 || args.some((arg) => typeof arg !== "string")) {
    throw new InvalidInput(`${field}.process.args`, "should be a list of at least one string");
  }
  return {
    ...spec,
    process: { ...process, args: args as string[] },
    root: { ...root, path: root.path },
    mounts: asArray(`${field}.mounts`, spec.mounts ?? []).map((mount, i) =>
      checkMount(`${field}.mounts[${i}]`, mount),
    ),
    annotations: checkAnnotations(`${field}.annotations`, spec.annotations ?? {}),
    linux: { ...linux, namespaces: checkNamespaces(`${field}.linux.namespaces`, linux.namespaces ?? []) },
  };
}

function checkMount(field: string, value: unknown): OciMount {
  const { destination, type, source, options } = asRecord(field, value);
  if (typeof destination !== "string" || !destination.startsWith("/")) {
    throw new InvalidInput(`${field}.destination`, "should be an absolute path");
  }
  return {
    destination,
    ...(typeof type === "string" && { type }),
    ...(typeof source === "string" && { source }),
    ...(options !== undefined && { options: asArray(`${field}.options`, options).map(String) }),
  };
}

function checkAnnotations(field: string, value: unknown): Record<string, string> {
  const entries = Object.entries(asRecord(field, value));
  return Object.fromEntries(entries.map(([key, text]) => [key, String(text)]));
}

function checkNamespaces(field: string, value: unknown): OciNamespace[] {
  return asArray(field, value).map((item, i) => {
    const { type, path } = asRecord(`${field}[${i}]`, item);
    if (typeof type !== "string") throw new InvalidInput(`${field}[${i}].type`, "is required");
    return { type, ...(typeof path === "string" && { path }) };
  });
}

function asRecord(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidInput(field, "should be an object");
  }
  return value as Record<string, unknown>;
}

function asArray(field: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new InvalidInput(field, "should be a list");
  return value;
}

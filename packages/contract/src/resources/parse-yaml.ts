import {
  type Document,
  isCollection,
  isMap,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
} from "yaml";
import { InvalidInput } from "../names.ts";
import { parsePath } from "./describe-issue.ts";
import { parseResource, type ResourceObject } from "./parse-resource.ts";

/** Longest text that is read, in characters. */
const textLengthMax = 4 * 1024 * 1024;

/**
 * Reads resources from YAML or JSON, any number of documents; empty ones are left out. The YAML is 1.1,
 * as Kubernetes reads it. Throws `InvalidInput` with file, line and field:
 * `app.yaml:12: spec.containers[0].image: is required`.
 */
export function parseYamlResources(text: string, source: { readonly file: string }): ResourceObject[] {
  if (text.length > textLengthMax) throw new InvalidInput(source.file, "has more than 4 MiB");
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { version: "1.1", lineCounter: lines });
  if (!Array.isArray(documents)) return [];
  const resources: ResourceObject[] = [];
  for (const document of documents) {
    const where = (offset: number) => `${source.file}:${lines.linePos(offset).line}`;
    const fault = document.errors[0];
    if (fault) throw new InvalidInput(where(fault.pos[0]), fault.message.split("\n")[0] ?? "is no YAML");
    if (document.contents === null) continue;
    const object = toObject(document, where);
    if (object === null) continue;
    try {
      resources.push(parseResource(object));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const problem = error.message.slice(error.field.length + 2);
      const offset = offsetOf(document, parsePath(error.field));
      throw new InvalidInput(`${where(offset)}: ${error.field}`, problem);
    }
  }
  return resources;
}

function toObject(document: Document.Parsed, where: (offset: number) => string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // Aliases that would expand without end.
    throw new InvalidInput(where(document.range[0]), (error as Error).message);
  }
}

/** Where a field stands; of one that is not there, where it would be. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  let node: Node | null = document.contents as ParsedNode;
  let offset = node?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(part));
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isCollection(node)) {
      node = node.get(part, true) as Node | null;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

// Reads a YAML document field by field. Whatever is wrong is an `InvalidInput` that begins with
// `<file>:<line>: <field>`.
import { InvalidInput } from "@agent-substrate/contract";
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";

/** Longest text that is read, in characters. */
const textLengthMax = 1024 * 1024;

/** A mapping of the document; every field must be asked for or be refused by `close`. */
export class YamlFields {
  readonly #where: string;
  readonly #field: string;
  readonly #pairs: ReadonlyMap<string, Node | null>;
  readonly #node: Node;
  readonly #lines: LineCounter;
  readonly #asked = new Set<string>();

  private constructor(where: string, field: string, node: Node | null, lines: LineCounter) {
    this.#where = where;
    this.#field = field;
    this.#lines = lines;
    if (!isMap(node)) throw new InvalidInput(`${where}: ${field || "document"}`, "should be an object");
    this.#node = node;
    this.#pairs = new Map(
      (node as YAMLMap).items.map(({ key, value }: Pair) => [String(key), value as Node]),
    );
  }

  static parse(text: string, file: string): YamlFields {
    if (text.length > textLengthMax) throw new InvalidInput(file, "has more than 1 MiB");
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines });
    const [fault] = document.errors;
    if (fault) {
      const { line } = lines.linePos(fault.pos[0]);
      throw new InvalidInput(`${file}:${line}`, fault.message.split("\n")[0] ?? "is no YAML");
    }
    return new YamlFields(file, "", document.contents, lines);
  }

  /** A text, as `read` takes it; `otherwise` where it is absent, and required without. */
  text<T>(name: string, read: (field: string, text: string) => T, otherwise?: T): T {
    const node = this.#take(name);
    if (node === undefined || node === null) {
      if (otherwise !== undefined) return otherwise;
      throw this.#fault(name, node, "is required");
    }
    if (!isScalar(node) || typeof node.value !== "string") {
      throw this.#fault(name, node, "should be a string; put it in quotes");
    }
    try {
      return read(name, node.value);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      throw this.#fault(name, node, error.message.slice(error.field.length + 2));
    }
  }

  object<T>(name: string, read: (fields: YamlFields) => T): T {
    const node = this.#take(name);
    if (!node) throw this.#fault(name, node, "is required");
    return this.#child(node, this.#path(name)).#readAll(read);
  }

  /** A list of `min` to `max` objects. */
  list<T>(name: string, min: number, max: number, read: (fields: YamlFields) => T): T[] {
    const node = this.#take(name);
    if (!isSeq(node)) throw this.#fault(name, node, "should be a list");
    if (node.items.length < min || node.items.length > max) {
      throw this.#fault(name, node, `should have ${min} to ${max} entries`);
    }
    return node.items.map((item, index) =>
      this.#child(item as Node, `${this.#path(name)}[${index}]`).#readAll(read),
    );
  }

  /** What is wrong with a field that was read. */
  refuse(name: string, problem: string): InvalidInput {
    return this.#fault(name, this.#pairs.get(name), problem);
  }

  /** Refuses what nobody asked for. */
  close(): void {
    for (const name of this.#pairs.keys()) {
      if (!this.#asked.has(name)) throw this.#fault(name, this.#pairs.get(name), "is no field here");
    }
  }

  #readAll<T>(read: (fields: YamlFields) => T): T {
    const value = read(this);
    this.close();
    return value;
  }

  #take(name: string): Node | null | undefined {
    this.#asked.add(name);
    return this.#pairs.get(name);
  }

  #child(node: Node, field: string): YamlFields {
    if (!isMap(node)) {
      throw new InvalidInput(`${this.#where}:${this.#lineOf(node)}: ${field}`, "should be an object");
    }
    return new YamlFields(this.#where, field, node, this.#lines);
  }

  #path(name: string): string {
    return this.#field === "" ? name : `${this.#field}.${name}`;
  }

  #lineOf(node: Node | null | undefined): number {
    return this.#lines.linePos((node ?? this.#node).range?.[0] ?? 0).line;
  }

  #fault(name: string, node: Node | null | undefined, problem: string): InvalidInput {
    return new InvalidInput(`${this.#where}:${this.#lineOf(node)}: ${this.#path(name)}`, problem);
  }
}

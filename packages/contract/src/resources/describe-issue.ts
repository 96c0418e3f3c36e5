import type { z } from "zod";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is wrong, and where, in words for people. The value itself is not repeated: it may be a secret. */
export function describeIssue(issue: Issue | undefined, kind: string): { field: string; problem: string } {
  if (!issue) return { field: kind, problem: "is invalid" };
  if (issue.code === "unrecognized_keys") {
    const field = formatPath([...issue.path, issue.keys[0] ?? ""]);
    return { field, problem: `is no field of ${kind} here` };
  }
  return { field: formatPath(issue.path) || kind, problem: describe(issue) };
}

/** `spec.containers[0].image`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(String(part))) text += text === "" ? String(part) : `.${String(part)}`;
    else text += `[${JSON.stringify(String(part))}]`;
  }
  return text;
}

/** The parts of such a text again; numbers where it has indices. */
export function parsePath(text: string): (string | number)[] {
  return [...text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(
    ([, index, quoted, name]) => {
      if (index !== undefined) return Number(index);
      return quoted !== undefined ? (JSON.parse(quoted) as string) : (name ?? "");
    },
  );
}

function describe(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type": {
      if (/received undefined$/.test(issue.message)) return "is required";
      const hint = issue.expected === "string" ? "; put it in quotes" : "";
      return `should be ${withArticle(issue.expected)}${hint}`;
    }
    case "invalid_value":
      // A schema's own message goes before this list.
      if (!/^Invalid (option|input)/.test(issue.message)) return issue.message;
      return `should be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_big":
      return `should ${bound(issue.origin, "at most", issue.maximum)}`;
    case "too_small":
      return `should ${bound(issue.origin, "at least", issue.minimum)}`;
    case "invalid_format":
      return issue.pattern ? `should match ${issue.pattern.replace(/^\/|\/$/g, "")}` : issue.message;
    case "invalid_key":
    case "invalid_element":
      return issue.issues[0] ? describe(issue.issues[0]) : issue.message;
    case "invalid_union":
      return issue.errors[0]?.[0] ? describe(issue.errors[0][0]) : issue.message;
    default:
      return issue.message;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === "array") return `have ${relation} ${limit} entries`;
  if (origin === "string") return `have ${relation} ${limit} characters`;
  return `be ${relation} ${limit}`;
}

function withArticle(type: string): string {
  const word = type === "record" ? "object" : type === "int" ? "whole number" : type;
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}

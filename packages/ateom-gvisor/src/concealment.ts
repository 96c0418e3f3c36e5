// Values of environment variables are often secrets, and what runsc says of a failure may quote a spec.
import type { OciSpec } from "./oci-spec.ts";

/** A shorter value is cut out only where it stands alone: it could be a part of any word. */
const embeddedLengthMin = 4;

/** runsc goes on with both sides of a difference, of which one is the image's and not known here. */
const quotedDifference = /(does not match across checkpoint restore for container: "[^"]*"), checkpoint .*$/s;

/** Puts `$NAME` in the place of each value that the specs' environments hold. */
export function concealEnvironment(text: string, specs: readonly OciSpec[]): string {
  let concealed = text.replace(quotedDifference, "$1");
  for (const { name, value } of longestFirst(specs.flatMap(readVariables))) {
    for (const form of new Set([value, JSON.stringify(value).slice(1, -1)])) {
      concealed =
        form.length >= embeddedLengthMin
          ? concealed.replaceAll(form, () => `$${name}`)
          : concealed.replace(standingAlone(form), () => `$${name}`);
    }
  }
  return concealed;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

function readVariables({ process }: OciSpec): Variable[] {
  const env = Array.isArray(process.env) ? process.env : [];
  return env.flatMap((entry: unknown) => {
    const [, name, value] = /^([^=]*)=(.+)$/s.exec(String(entry)) ?? [];
    return name && value ? [{ name, value }] : [];
  });
}

/** One value may be a part of another. */
function longestFirst(variables: readonly Variable[]): Variable[] {
  return variables.toSorted((a, b) => b.value.length - a.value.length);
}

function standingAlone(value: string): RegExp {
  return new RegExp(`(?<!\\w)${RegExp.escape(value)}(?!\\w)`, "g");
}

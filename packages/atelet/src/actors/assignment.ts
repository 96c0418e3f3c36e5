import {
  type ActorKey,
  atespaceHeader,
  generationHeader,
  InvalidInput,
  operationIdHeader,
  templateHeader,
  validateActorKey,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateQualifiedTemplate,
} from "@agent-substrate/contract";

/** One actor's time on one worker, as the control plane names it. */
export interface Assignment {
  /** `template` is qualified by the atespace where the caller told one, so that paths of two atespaces differ. */
  readonly key: ActorKey;
  /** "" where the caller knows no atespaces. */
  readonly atespace: string;
  /** The template's name as it came. */
  readonly template: string;
  /** 0n where the caller counts none. */
  readonly generation: bigint;
  readonly operationId?: string;
}

/** What every request of a lifecycle call holds. */
export interface ActorFields {
  readonly actorTemplateNamespace: string;
  readonly actorTemplateName: string;
  readonly actorId: string;
}

/** Reads an actor's names and the metadata of a call. Throws InvalidInput. */
export function parseAssignment(fields: ActorFields, headers: Headers): Assignment {
  const atespace = headers.get(atespaceHeader) ?? "";
  const template = validateDns1123Subdomain("actor_template_name", fields.actorTemplateName);
  if (atespace !== "") validateDns1123Label(atespaceHeader, atespace);
  const key: ActorKey = {
    namespace: fields.actorTemplateNamespace,
    template: atespace === "" ? template : validateQualifiedTemplate(template, atespace),
    actorId: fields.actorId,
  };
  validateActorKey(key);
  const operationId = headers.get(operationIdHeader) ?? undefined;
  if (operationId !== undefined && !/^[A-Za-z0-9._-]{1,128}$/.test(operationId)) {
    throw new InvalidInput(operationIdHeader, "should be 1 to 128 characters of A-Z a-z 0-9 . _ -");
  }
  return {
    key,
    atespace,
    template,
    generation: parseGeneration(headers.get(generationHeader)),
    ...(operationId !== undefined && { operationId }),
  };
}

/** Metadata for the back end, by which it labels output and refuses what is over. */
export function assignmentHeaders(assignment: Assignment, operationId: string): Record<string, string> {
  return {
    [operationIdHeader]: operationId,
    [templateHeader]: assignment.template,
    ...(assignment.atespace !== "" && { [atespaceHeader]: assignment.atespace }),
    ...(assignment.generation > 0n && { [generationHeader]: String(assignment.generation) }),
  };
}

/** `<namespace>:<template>:<actor id>`, as in paths. */
export function actorName({ namespace, template, actorId }: ActorKey): string {
  return `${namespace}:${template}:${actorId}`;
}

export function sameActor(one: ActorKey, other: ActorKey): boolean {
  return actorName(one) === actorName(other);
}

function parseGeneration(text: string | null): bigint {
  if (text === null) return 0n;
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new InvalidInput(generationHeader, "should be a positive number");
  return BigInt(text);
}

import type { ResourceKind, resources } from "@agent-substrate/contract";
import type { JsonValue } from "@bufbuild/protobuf";
import { compareTexts, type Listing, messageJson } from "../output/listing.ts";

/** How one kind of resource is called on the command line, and how it is shown. */
export interface ResourceNoun {
  readonly plural: string;
  readonly aliases: readonly string[];
  readonly kind: ResourceKind;
  readonly namespaced: boolean;
  readonly description: string;
  readonly listing: Listing<resources.Resource>;
}

export const resourceNouns: readonly ResourceNoun[] = [
  {
    plural: "templates",
    aliases: ["template", "actortemplates", "actortemplate"],
    kind: "ActorTemplate",
    namespaced: true,
    description: "the templates that actors are made from",
    listing: listing("template", ["NAMESPACE", "NAME", "CLASS", "PHASE"], (resource) => [
      resource.namespace,
      resource.name,
      field(resource, "spec", "sandboxClass"),
      field(resource, "status", "phase"),
    ]),
  },
  {
    plural: "pools",
    aliases: ["pool", "workerpools", "workerpool"],
    kind: "WorkerPool",
    namespaced: true,
    description: "the pools of workers",
    listing: listing("pool", ["NAMESPACE", "NAME", "CLASS", "DESIRED", "WORKERS"], (resource) => [
      resource.namespace,
      resource.name,
      field(resource, "spec", "sandboxClass"),
      field(resource, "spec", "replicas"),
      field(resource, "status", "replicas"),
    ]),
  },
  {
    plural: "configs",
    aliases: ["config", "sandboxconfigs", "sandboxconfig"],
    kind: "SandboxConfig",
    namespaced: false,
    description: "how sandbox classes are run",
    listing: listing("config", ["NAME", "CLASS", "DEFAULT"], (resource) => [
      resource.name,
      field(resource, "spec", "sandboxClass"),
      field(resource, "spec", "default"),
    ]),
  },
];

function listing(
  noun: string,
  columns: readonly string[],
  row: (resource: resources.Resource) => readonly string[],
): Listing<resources.Resource> {
  return {
    columns,
    row,
    name: ({ name }) => `${noun}/${name}`,
    key: ({ kind, namespace, name }) => `${kind}/${namespace}/${name}`,
    compare: (a, b) => compareTexts([a.namespace, b.namespace], [a.name, b.name]),
    async toJson(items) {
      const { resources } = await import("@agent-substrate/contract");
      return messageJson(resources.ListResourcesResponseSchema, { resources: [...items] });
    },
  };
}

/** A value deep in the object as text; "" where it is not there. */
function field(resource: resources.Resource, ...path: readonly string[]): string {
  let value: JsonValue | undefined = resource.object;
  for (const part of path) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
    value = value[part];
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

import { resources } from "@agent-substrate/contract";
import { create, type JsonObject } from "@bufbuild/protobuf";
import type { ResourceName } from "../storage/store.ts";
import type { Resource } from "./resource-catalog.ts";

/** A resource as clients see it. Of a secret only the keys are shown. */
export function resourceMessage(resource: Resource): resources.Resource {
  const { kind, namespace, name, version, uid, object, status } = resource;
  const shown = object.kind === "Secret" ? { ...object, data: hidden(object.data) } : { ...object, status };
  const metadata = { ...object.metadata, uid };
  return create(resources.ResourceSchema, {
    kind,
    namespace,
    name,
    version: BigInt(version),
    // By way of JSON, which drops what is undefined.
    object: JSON.parse(JSON.stringify({ ...shown, metadata })) as JsonObject,
  });
}

/** Names what is gone. */
export function removedResourceMessage({ kind, namespace, name }: ResourceName): resources.Resource {
  return create(resources.ResourceSchema, { kind, namespace, name });
}

function hidden(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(data).map((key) => [key, ""]));
}

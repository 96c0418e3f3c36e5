import {
  InvalidInput,
  parseResource,
  resourceKinds,
  type resources,
  validateDns1123Label,
} from "@agent-substrate/contract";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { demandOwner, isByToken } from "../access/demand-owner.ts";
import type { ResourceName } from "../storage/store.ts";
import { isRefusal } from "../storage/store.ts";
import { applyResource, resourceName } from "./apply-resource.ts";
import type { Resource, ResourceCatalog } from "./resource-catalog.ts";
import { resourceMessage } from "./resource-message.ts";

/** What else must be asked or done when a resource is applied or deleted. */
export interface ResourceHooks {
  applied(resource: Resource): void;
  deleted(resource: Resource): Promise<void>;
}

/** Serves `substrate.v1.Resources`. */
export function resourcesService(
  catalog: ResourceCatalog,
  hooks: ResourceHooks,
): ServiceImpl<typeof resources.Resources> {
  return {
    async applyResource(request, { requestHeader }) {
      const object = parseResource(request.object);
      if (isByToken(requestHeader)) demandOwner(catalog.get(resourceName(object))?.object, object);
      const { resource, outcome } = await applyResource(catalog, object);
      hooks.applied(resource);
      return { resource: resourceMessage(resource), outcome };
    },
    getResource(request) {
      return { resource: resourceMessage(find(catalog, readName(request))) };
    },
    listResources(request) {
      const kind = readKind(request.kind);
      if (request.namespace !== "") validateDns1123Label("namespace", request.namespace);
      return { resources: catalog.list(kind, request.namespace).map(resourceMessage) };
    },
    async deleteResource(request) {
      const resource = find(catalog, readName(request));
      try {
        await catalog.remove(resource);
      } catch (error) {
        if (isRefusal(error, "not-found")) throw notFound(resource);
        if (isRefusal(error, "not-empty")) throw new ConnectError(error.message, Code.FailedPrecondition);
        throw error;
      }
      await hooks.deleted(resource);
      return {};
    },
  };
}

function find(catalog: ResourceCatalog, name: ResourceName): Resource {
  const resource = catalog.get(name);
  if (!resource) throw notFound(name);
  return resource;
}

function readName({ kind, namespace, name }: ResourceName): ResourceName {
  if (name === "") throw new InvalidInput("name", "is required");
  return { kind: readKind(kind), namespace: kind === "SandboxConfig" ? "" : namespace || "default", name };
}

function readKind(kind: string): string {
  if (!(resourceKinds as readonly string[]).includes(kind)) {
    throw new InvalidInput(
      "kind",
      `${JSON.stringify(kind)} is unknown; it should be one of ${resourceKinds.join(", ")}`,
    );
  }
  return kind;
}

function notFound({ kind, namespace, name }: ResourceName): ConnectError {
  const text = `there is no ${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
  return new ConnectError(text, Code.NotFound);
}

import { randomUUID } from "node:crypto";
import { InvalidInput, type ResourceObject, resources } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { isRefusal, type ResourceName } from "../storage/store.ts";
import { firstDifference } from "./immutable-spec.ts";
import type { Resource, ResourceCatalog } from "./resource-catalog.ts";

const racesMax = 5;

export interface Applied {
  readonly resource: Resource;
  readonly outcome: resources.ApplyResourceResponse_Outcome;
}

/** Creates or updates one. FAILED_PRECONDITION for a change of what is immutable or does not fit the rest. */
export async function applyResource(catalog: ResourceCatalog, parsed: ResourceObject): Promise<Applied> {
  const object = withoutStatus(parsed);
  const name = resourceName(object);
  for (let races = 0; races < racesMax; races++) {
    const before = catalog.get(name);
    demandFit(catalog, object);
    if (before) demandMutable(before, object);
    if (before && JSON.stringify(before.object) === JSON.stringify(object)) {
      return { resource: before, outcome: resources.ApplyResourceResponse_Outcome.UNCHANGED };
    }
    const after: Resource = before
      ? { ...before, object, version: before.version + 1 }
      : { ...name, uid: randomUUID(), version: 1, object, status: {} };
    try {
      await catalog.put(after);
    } catch (error) {
      if (isRefusal(error, "stale", "exists")) continue;
      throw error;
    }
    const { CONFIGURED, CREATED } = resources.ApplyResourceResponse_Outcome;
    return { resource: after, outcome: before ? CONFIGURED : CREATED };
  }
  throw new ConnectError(`${name.kind} ${name.name} is being changed by others; try again`, Code.Aborted);
}

export function resourceName({ kind, metadata }: ResourceObject): ResourceName {
  return { kind, namespace: metadata.namespace, name: metadata.name };
}

/** The status is the control plane's; what somebody applies of it is dropped. */
function withoutStatus(object: ResourceObject): ResourceObject {
  if (!("status" in object)) return object;
  const { status: _status, ...rest } = object;
  return rest as ResourceObject;
}

function demandMutable(before: Resource, after: ResourceObject): void {
  if (after.kind === "ActorTemplate" && before.object.kind === "ActorTemplate") {
    const path = firstDifference(before.object.spec, after.spec, "spec");
    if (path === undefined) return;
    const text = `${path}: cannot be changed; delete the template, or apply it under another name`;
    throw new ConnectError(text, Code.FailedPrecondition);
  }
  if (before.object.kind === "Secret" && before.object.immutable && after.kind === "Secret") {
    const path = firstDifference(before.object.data, after.data, "data");
    if (path === undefined) return;
    throw new ConnectError("data: cannot be changed; the secret is immutable", Code.FailedPrecondition);
  }
}

/** What the kinds demand of each other. */
function demandFit(catalog: ResourceCatalog, object: ResourceObject): void {
  if (object.kind === "SandboxConfig" && object.spec.default) {
    const other = catalog
      .sandboxConfigs()
      .find(
        ({ name, object: config }) =>
          name !== object.metadata.name &&
          config.spec.default &&
          config.spec.sandboxClass === object.spec.sandboxClass,
      );
    if (other) {
      throw new InvalidInput(
        "spec.default",
        `${other.name} is the default of class ${object.spec.sandboxClass}`,
      );
    }
  }
  if (object.kind === "SandboxConfig") {
    const user = catalog
      .pools()
      .find(
        ({ object: pool }) =>
          pool.spec.sandboxConfigName === object.metadata.name &&
          pool.spec.sandboxClass !== object.spec.sandboxClass,
      );
    if (user) throw classMismatch("spec.sandboxClass", user.object.spec.sandboxClass, `pool ${user.name}`);
  }
  if (object.kind === "WorkerPool" && object.spec.sandboxConfigName !== undefined) {
    const config = catalog.get({ kind: "SandboxConfig", namespace: "", name: object.spec.sandboxConfigName });
    if (
      config?.object.kind === "SandboxConfig" &&
      config.object.spec.sandboxClass !== object.spec.sandboxClass
    ) {
      throw classMismatch("spec.sandboxConfigName", config.object.spec.sandboxClass, config.name);
    }
  }
}

function classMismatch(field: string, sandboxClass: string, of: string): InvalidInput {
  return new InvalidInput(field, `${of} is of class ${sandboxClass}; pool and config should be of one class`);
}

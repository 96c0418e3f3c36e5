// The applied resources, in memory as they stand in the store: placement reads them on each wake.
import type {
  ActorTemplate,
  ResourceObject,
  SandboxConfig,
  Secret,
  WorkerPool,
} from "@agent-substrate/contract";
import { isRefusal, type ResourceName, type ResourceRecord, type Store } from "../storage/store.ts";

/** A resource with its parsed object. */
export interface Resource<T extends ResourceObject = ResourceObject> extends ResourceRecord {
  readonly object: T;
}

/** `after` is undefined when the resource was removed. */
export type ResourceListener = (after: Resource | undefined, before: Resource | undefined) => void;

export class ResourceCatalog {
  readonly #store: Store;
  readonly #resources = new Map<string, Resource>();
  readonly #listeners: ResourceListener[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads what was applied before, and shows it to the listeners. */
  async load(): Promise<void> {
    for (const record of await this.#store.listResources()) this.#show(record as Resource);
  }

  onChange(listener: ResourceListener): void {
    this.#listeners.push(listener);
  }

  get(name: ResourceName): Resource | undefined {
    return this.#resources.get(resourceKey(name));
  }

  template(namespace: string, name: string): Resource<ActorTemplate> | undefined {
    return this.get({ kind: "ActorTemplate", namespace, name }) as Resource<ActorTemplate> | undefined;
  }

  pool(namespace: string, name: string): Resource<WorkerPool> | undefined {
    return this.get({ kind: "WorkerPool", namespace, name }) as Resource<WorkerPool> | undefined;
  }

  secret(namespace: string, name: string): Resource<Secret> | undefined {
    return this.get({ kind: "Secret", namespace, name }) as Resource<Secret> | undefined;
  }

  templates(): Resource<ActorTemplate>[] {
    return this.list("ActorTemplate", "") as Resource<ActorTemplate>[];
  }

  pools(): Resource<WorkerPool>[] {
    return this.list("WorkerPool", "") as Resource<WorkerPool>[];
  }

  sandboxConfigs(): Resource<SandboxConfig>[] {
    return this.list("SandboxConfig", "") as Resource<SandboxConfig>[];
  }

  /** Sorted by namespace and name. "" means all namespaces. */
  list(kind: string, namespace: string): Resource[] {
    return [...this.#resources.values()]
      .filter((resource) => resource.kind === kind && (namespace === "" || resource.namespace === namespace))
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  }

  /** Creates, or replaces the version that the caller saw (L2). Rejects with the store's refusals. */
  async put(resource: Resource): Promise<void> {
    await this.#store.putResource(resource);
    this.#show(resource);
  }

  /** Writes what the control plane says of a resource, on its newest version; nothing when it is gone. */
  async putStatus(
    name: ResourceName & { readonly uid: string },
    change: (present: Resource) => Readonly<Record<string, unknown>>,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      const present = this.get(name);
      if (present?.uid !== name.uid) return;
      const status = change(present);
      if (JSON.stringify(status) === JSON.stringify(present.status)) return;
      try {
        return await this.put({ ...present, version: present.version + 1, status });
      } catch (error) {
        if (!isRefusal(error, "stale") || tries >= 10) throw error;
      }
    }
  }

  async remove(name: ResourceName): Promise<void> {
    await this.#store.removeResource(name);
    const before = this.get(name);
    this.#resources.delete(resourceKey(name));
    for (const listener of this.#listeners) listener(undefined, before);
  }

  #show(after: Resource): void {
    const before = this.get(after);
    this.#resources.set(resourceKey(after), after);
    for (const listener of this.#listeners) listener(after, before);
  }
}

function resourceKey({ kind, namespace, name }: ResourceName): string {
  return `${kind}/${namespace}/${name}`;
}

function sortKey({ namespace, name }: ResourceName): string {
  return `${namespace}/${name}`;
}

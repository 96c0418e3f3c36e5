import { randomInt } from "node:crypto";
import { validateSnapshotUriPrefix } from "@agent-substrate/contract";
import type { ActorName } from "../actors/actor-record.ts";
import type { ResourceCatalog } from "../resources/resource-catalog.ts";

/** Where snapshots are stored: a template's location or the server's, then this store's own uid. */
export class SnapshotLocations {
  readonly #catalog: ResourceCatalog;
  readonly #defaultLocation: string;
  readonly #storeUid: string;

  constructor(catalog: ResourceCatalog, defaultLocation: string, storeUid: string) {
    this.#catalog = catalog;
    this.#defaultLocation = validateSnapshotUriPrefix("snapshots location", defaultLocation);
    this.#storeUid = storeUid;
  }

  /** The URI prefix of one snapshot. */
  uriOf(
    actor: ActorName & { readonly templateNamespace: string; readonly templateName: string },
    prefix: string,
  ): string {
    const template = this.#catalog.template(actor.templateNamespace, actor.templateName);
    const location = template?.object.spec.snapshotsConfig.location ?? this.#defaultLocation;
    return `${location}/${this.#storeUid}/${actor.atespace}/${actor.actorId}/${prefix}`;
  }
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A plain name that no other snapshot has: `snap-` and 26 characters. */
export function newSnapshotPrefix(): string {
  return `snap-${Array.from({ length: 26 }, () => letters[randomInt(letters.length)]).join("")}`;
}

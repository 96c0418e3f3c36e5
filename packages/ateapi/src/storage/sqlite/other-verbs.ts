import type { DatabaseSync } from "node:sqlite";
import type { EventRecord } from "../../watch/event-record.ts";
import { type ResourceRecord, StoreRefusal } from "../store.ts";
import { templateColumn } from "./actor-verbs.ts";
import type { SyncVerbs } from "./verbs.ts";

/** How many events are kept. */
const eventsMax = 1000;

type AtespaceVerbs = Pick<
  SyncVerbs,
  "storeUid" | "createAtespace" | "hasAtespace" | "listAtespaces" | "deleteAtespace" | "clear"
>;
type ResourceVerbs = Pick<SyncVerbs, "listResources" | "putResource" | "removeResource">;
type EventVerbs = Pick<SyncVerbs, "appendEvent" | "listEvents">;

/** The calls about the store itself and about atespaces. */
export function atespaceVerbs(database: DatabaseSync): AtespaceVerbs {
  const uid = database.prepare("SELECT uid FROM store");
  const insert = database.prepare("INSERT OR IGNORE INTO atespaces (name) VALUES (?)");
  const has = database.prepare("SELECT 1 FROM atespaces WHERE name = ?");
  const list = database.prepare("SELECT name FROM atespaces ORDER BY name");
  const hasActors = database.prepare("SELECT 1 FROM actors WHERE atespace = ? LIMIT 1");
  const remove = database.prepare("DELETE FROM atespaces WHERE name = ?");
  return {
    storeUid: () => String(uid.get()?.uid),
    createAtespace(name) {
      if (insert.run(name).changes === 0) {
        throw new StoreRefusal("exists", `there is an atespace ${name} already`);
      }
    },
    hasAtespace: (name) => has.get(name) !== undefined,
    listAtespaces: () => list.all().map((row) => String(row.name)),
    deleteAtespace(name) {
      if (!has.get(name)) throw new StoreRefusal("not-found", `there is no atespace ${name}`);
      if (hasActors.get(name)) throw new StoreRefusal("not-empty", `atespace ${name} still has actors`);
      remove.run(name);
    },
    clear: () => database.exec("DELETE FROM actors; DELETE FROM atespaces"),
  };
}

/** The calls about resources. */
export function resourceVerbs(database: DatabaseSync): ResourceVerbs {
  const list = database.prepare("SELECT record FROM resources ORDER BY kind, namespace, name");
  const insert = database.prepare(
    "INSERT OR IGNORE INTO resources (kind, namespace, name, version, record) VALUES (?, ?, ?, ?, ?)",
  );
  const update = database.prepare(
    "UPDATE resources SET version = ?, record = ? WHERE kind = ? AND namespace = ? AND name = ? AND version = ?",
  );
  const remove = database.prepare("DELETE FROM resources WHERE kind = ? AND namespace = ? AND name = ?");
  const countActors = database.prepare("SELECT count(*) AS count FROM actors WHERE template = ?");
  return {
    listResources: () => list.all().map((row) => JSON.parse(String(row.record)) as ResourceRecord),
    putResource(resource) {
      const { kind, namespace, name, version } = resource;
      const record = JSON.stringify(resource);
      if (version === 1) {
        if (insert.run(kind, namespace, name, version, record).changes === 0) {
          throw new StoreRefusal("exists", `there is a ${kind} ${name} already`);
        }
      } else if (update.run(version, record, kind, namespace, name, version - 1).changes === 0) {
        throw new StoreRefusal("stale", `${kind} ${name} was changed by somebody else meanwhile`);
      }
    },
    removeResource({ kind, namespace, name }) {
      const count =
        kind === "ActorTemplate" ? Number(countActors.get(templateColumn(namespace, name))?.count) : 0;
      if (count > 0) {
        const actors = count === 1 ? "one actor is" : `${count} actors are`;
        const text = `${actors} made from template ${namespace}/${name}; delete them first`;
        throw new StoreRefusal("not-empty", text);
      }
      if (remove.run(kind, namespace, name).changes === 0) {
        throw new StoreRefusal("not-found", `there is no ${kind} ${name}`);
      }
    },
  };
}

/** The calls about events. */
export function eventVerbs(database: DatabaseSync): EventVerbs {
  const insert = database.prepare("INSERT INTO events (atespace, record) VALUES (?, ?)");
  const trim = database.prepare("DELETE FROM events WHERE id <= ?");
  const list = database.prepare("SELECT id, record FROM events ORDER BY id");
  const listOfAtespace = database.prepare("SELECT id, record FROM events WHERE atespace = ? ORDER BY id");
  return {
    appendEvent(event) {
      const id = Number(insert.run(event.atespace, JSON.stringify(event)).lastInsertRowid);
      trim.run(id - eventsMax);
      return { ...event, id };
    },
    listEvents: (atespace) =>
      (atespace === "" ? list.all() : listOfAtespace.all(atespace)).map((row) => ({
        ...(JSON.parse(String(row.record)) as EventRecord),
        id: Number(row.id),
      })),
  };
}

import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { type ActorChange, applyChange, ChangeRefused } from "../../actors/actor-changes.ts";
import type { ActorName, ActorRecord } from "../../actors/actor-record.ts";
import { displayName, isUnsettled } from "../../actors/actor-record.ts";
import { type ActorVersion, type NewActor, StoreRefusal } from "../store.ts";
import type { SyncVerbs } from "./verbs.ts";

type ActorVerbs = Pick<
  SyncVerbs,
  "createActor" | "getActor" | "listActors" | "listUnsettledActors" | "changeActor" | "removeActor"
>;

/** The calls about actors, on statements prepared once. */
export function actorVerbs(database: DatabaseSync): ActorVerbs {
  const nextGeneration = database.prepare(
    "UPDATE store SET generation = generation + 1 RETURNING generation",
  );
  const newGeneration = () => Number(nextGeneration.get()?.generation);
  const hasAtespace = database.prepare("SELECT 1 FROM atespaces WHERE name = ?");
  const byName = database.prepare("SELECT record FROM actors WHERE atespace = ? AND actor_id = ?");
  const byUid = database.prepare("SELECT record FROM actors WHERE uid = ?");
  const byWorker = database.prepare("SELECT record FROM actors WHERE worker_uid = ?");
  const unsettled = database.prepare("SELECT record FROM actors WHERE unsettled = 1");
  const hasTemplate = database.prepare(
    "SELECT 1 FROM resources WHERE kind = 'ActorTemplate' AND namespace = ? AND name = ?",
  );
  const remove = database.prepare("DELETE FROM actors WHERE uid = ? AND version = ?");
  const insert = database.prepare(
    `INSERT INTO actors (uid, version, atespace, actor_id, template, worker_uid, unsettled, record)
     VALUES (:uid, :version, :atespace, :actorId, :template, :workerUid, :unsettled, :record)`,
  );
  const update = database.prepare(
    `UPDATE actors SET version = :version, worker_uid = :workerUid, unsettled = :unsettled, record = :record
     WHERE uid = :uid AND version = :version - 1`,
  );
  const page = database.prepare(
    "SELECT record FROM actors WHERE (atespace, actor_id) > (?, ?) ORDER BY atespace, actor_id LIMIT ?",
  );
  const pageOfAtespace = database.prepare(
    "SELECT record FROM actors WHERE atespace = ? AND actor_id > ? ORDER BY actor_id LIMIT ?",
  );

  const current = (actor: ActorVersion): ActorRecord => {
    const record = readActor(byUid.get(actor.uid));
    if (!record) throw new StoreRefusal("not-found", `there is no actor ${actor.uid} any more`);
    if (record.version !== actor.version) {
      throw new StoreRefusal("stale", `${displayName(record)} was changed by somebody else meanwhile`);
    }
    return record;
  };

  return {
    createActor(actor: NewActor) {
      if (!hasAtespace.get(actor.atespace)) {
        throw new StoreRefusal("no-atespace", `there is no atespace ${actor.atespace}`);
      }
      if (byName.get(actor.atespace, actor.actorId)) {
        throw new StoreRefusal("exists", `there is an actor ${displayName(actor)} already`);
      }
      const { templateNamespace, templateName } = actor;
      if (!hasTemplate.get(templateNamespace, templateName)) {
        const text = `there is no template ${templateNamespace}/${templateName}`;
        throw new StoreRefusal("no-template", text);
      }
      const record: ActorRecord = {
        ...actor,
        version: 1,
        status: "SUSPENDED",
        generation: 0,
        snapshots: [],
        retired: [],
      };
      insert.run({
        ...columns(record),
        atespace: record.atespace,
        actorId: record.actorId,
        template: record.golden ? null : templateColumn(templateNamespace, templateName),
      });
      return record;
    },
    getActor: (name: ActorName) => readActor(byName.get(name.atespace, name.actorId)),
    listActors: ({ atespace, after, limit }) =>
      (atespace === ""
        ? page.all(after?.atespace ?? "", after?.actorId ?? "", limit)
        : pageOfAtespace.all(atespace, after?.actorId ?? "", limit)
      ).map(parseRow),
    listUnsettledActors: () => unsettled.all().map(parseRow),
    changeActor(actor: ActorVersion, change: ActorChange) {
      const before = current(actor);
      const taken = change.kind === "bind" && readActor(byWorker.get(change.assignment.workerUid));
      if (taken && taken.uid !== actor.uid) {
        throw new StoreRefusal("worker-taken", `the worker runs ${displayName(taken)}`);
      }
      const after = applyOrRefuse(before, change, newGeneration);
      update.run(columns(after));
      return after;
    },
    removeActor(actor: ActorVersion) {
      current(actor);
      remove.run(actor.uid, actor.version);
    },
  };
}

function applyOrRefuse(actor: ActorRecord, change: ActorChange, newGeneration: () => number): ActorRecord {
  try {
    return applyChange(actor, change, newGeneration);
  } catch (error) {
    if (error instanceof ChangeRefused) throw new StoreRefusal("not-allowed", error.message);
    throw error;
  }
}

function columns(actor: ActorRecord) {
  return {
    uid: actor.uid,
    version: actor.version,
    workerUid: actor.assignment?.workerUid ?? null,
    unsettled: isUnsettled(actor) ? 1 : 0,
    record: JSON.stringify(actor),
  };
}

/** How the column `template` names a template. */
export function templateColumn(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function readActor(row: Record<string, SQLOutputValue> | undefined): ActorRecord | undefined {
  return row === undefined ? undefined : parseRow(row);
}

function parseRow(row: Record<string, SQLOutputValue>): ActorRecord {
  return JSON.parse(String(row.record)) as ActorRecord;
}

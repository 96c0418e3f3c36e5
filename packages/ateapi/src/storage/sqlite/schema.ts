import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

/** Each entry brings a store from the version of its index to the next one; none is ever changed. */
const migrations: readonly string[] = [
  `
  CREATE TABLE store (uid TEXT NOT NULL) STRICT;
  CREATE TABLE atespaces (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE actors (
    uid TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    atespace TEXT NOT NULL REFERENCES atespaces (name),
    actor_id TEXT NOT NULL,
    template TEXT,
    worker_uid TEXT,
    unsettled INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX actors_by_name ON actors (atespace, actor_id);
  CREATE UNIQUE INDEX actors_by_worker ON actors (worker_uid) WHERE worker_uid IS NOT NULL;
  CREATE INDEX actors_by_template ON actors (template) WHERE template IS NOT NULL;
  CREATE INDEX actors_unsettled ON actors (unsettled) WHERE unsettled = 1;
  CREATE TABLE resources (
    kind TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, namespace, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    atespace TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE store ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  UPDATE store SET generation =
    (SELECT coalesce(max(json_extract(record, '$.generation')), 0) FROM actors);
  `,
];

/** Brings a store to the present schema. Throws where a newer program wrote it. */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare("PRAGMA user_version").get() as { user_version: number };
  const present = row.user_version;
  if (present > migrations.length) {
    throw new Error(
      `the store has schema ${present}, and this program knows up to ${migrations.length}; use a newer program`,
    );
  }
  for (const [index, statements] of migrations.entries()) {
    if (index < present) continue;
    database.exec("BEGIN IMMEDIATE");
    database.exec(statements);
    if (index === 0) database.prepare("INSERT INTO store (uid) VALUES (?)").run(randomUUID());
    database.exec(`PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

// The thread that owns the database: a commit blocks for its fsync, and must block nothing else.
// All requests that wait when it becomes free are one transaction, answered after its commit.
import { DatabaseSync } from "node:sqlite";
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { isRefusal } from "../store.ts";
import { actorVerbs } from "./actor-verbs.ts";
import { atespaceVerbs, eventVerbs, resourceVerbs } from "./other-verbs.ts";
import { migrate } from "./schema.ts";
import type { StoreReply, StoreRequest, SyncVerbs } from "./verbs.ts";

/** More requests than this wait for the next transaction. */
const transactionRequestsMax = 512;
/** How long a store that another process has open is waited for: that one may be stopping. */
const lockTimeoutMs = 1000;

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs });
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA locking_mode = EXCLUSIVE;
  `);
  migrate(database);
  return database;
}

function serve(database: DatabaseSync, port: MessagePort): void {
  const verbs: SyncVerbs = {
    ...atespaceVerbs(database),
    ...actorVerbs(database),
    ...resourceVerbs(database),
    ...eventVerbs(database),
  };
  const begin = database.prepare("BEGIN");
  const commit = database.prepare("COMMIT");
  const savepoint = database.prepare("SAVEPOINT request");
  const release = database.prepare("RELEASE request");

  const execute = (request: StoreRequest): StoreReply => {
    savepoint.run();
    try {
      const verb = verbs[request.verb] as (...args: readonly unknown[]) => unknown;
      const value = verb(...request.args);
      return { id: request.id, outcome: "done", value };
    } catch (error) {
      database.exec("ROLLBACK TO request");
      if (isRefusal(error)) {
        return { id: request.id, outcome: "refused", reason: error.reason, message: error.message };
      }
      return { id: request.id, outcome: "failed", message: describe(error) };
    } finally {
      release.run();
    }
  };

  const transact = (requests: readonly StoreRequest[]): readonly StoreReply[] => {
    try {
      begin.run();
      const replies = requests.map(execute);
      commit.run();
      return replies;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      return requests.map(({ id }) => ({ id, outcome: "failed", message: describe(error) }));
    }
  };

  port.on("message", (first: readonly StoreRequest[] | "close") => {
    const requests: StoreRequest[] = [];
    let message: readonly StoreRequest[] | "close" | undefined = first;
    while (message !== undefined && message !== "close") {
      requests.push(...message);
      if (requests.length >= transactionRequestsMax) break;
      message = receiveMessageOnPort(port)?.message;
    }
    if (requests.length > 0) port.postMessage(transact(requests));
    if (message === "close") {
      database.close();
      port.close();
    }
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (parentPort) {
  const { path } = workerData as { path: string };
  serve(openDatabase(path), parentPort);
  parentPort.postMessage("open");
}

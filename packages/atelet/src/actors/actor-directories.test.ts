import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PhaseClock } from "@agent-substrate/contract";
import { createNodeDirectory } from "../testing/node-directory.ts";
import { Trash } from "../trash.ts";
import { ActorDirectories } from "./actor-directories.ts";
import type { Assignment } from "./assignment.ts";

const never = new AbortController().signal;

function assignmentOf(generation: bigint): Assignment {
  const key = { namespace: "default", template: "counter", actorId: "one" };
  return { key, atespace: "", template: "counter", generation };
}

test("a newer assignment waits for an older one's writes, and neither removes the other's directory", async () => {
  await using paths = await createNodeDirectory();
  const trash = new Trash(paths.trash);
  const actors = new ActorDirectories(paths, trash);
  const [older, newer] = [assignmentOf(1n), assignmentOf(2n)];
  const writing = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  const filled = actors.fill(older, never, new PhaseClock(), async ({ directory }) => {
    writing.resolve();
    await going.promise;
    return Promise.allSettled([writeFile(join(directory, "older"), "")]);
  });
  await writing.promise;
  const removed = actors.remove(older);
  const filledAgain = actors.fill(newer, never, new PhaseClock(), ({ directory }) =>
    Promise.allSettled([writeFile(join(directory, "newer"), "")]),
  );
  going.resolve();
  await Promise.all([filled, removed, filledAgain]);
  await actors.remove(older);
  assert.deepEqual(await readdir(paths.contract.actor(newer.key).directory), ["newer"]);
  await actors.remove(newer);
  assert.deepEqual(await readdir(paths.actors), []);
  await trash.drain();
});

test("a write that fails is told when all others have ended, and nothing is made for who was stopped", async () => {
  await using paths = await createNodeDirectory();
  const actors = new ActorDirectories(paths, new Trash(paths.trash));
  const assignment = assignmentOf(1n);
  let hasEnded = false;
  const fill = (signal: AbortSignal) =>
    actors.fill(assignment, signal, new PhaseClock(), ({ directory }) =>
      Promise.allSettled([
        Promise.reject(new Error("no room")),
        writeFile(join(directory, "file"), "").then(() => {
          hasEnded = true;
        }),
      ]),
    );
  await assert.rejects(fill(never), /no room/);
  assert.ok(hasEnded);
  await actors.remove(assignment);
  await assert.rejects(fill(AbortSignal.abort(new Error("taken"))), /taken/);
  assert.deepEqual(await readdir(paths.actors), []);
});

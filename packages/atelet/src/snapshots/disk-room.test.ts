import assert from "node:assert/strict";
import { test } from "node:test";
import { Code } from "@connectrpc/connect";
import { DiskRoom } from "./disk-room.ts";

/** A disk of so many bytes, with copies of 10 that can be dropped. */
function openRoom(freeBytes: number, spares = 0) {
  let left = spares;
  let free = freeBytes;
  return new DiskRoom({
    readFreeBytes: async () => free,
    dropSpare: async () => {
      if (left === 0) return false;
      left -= 1;
      free += 10;
      return true;
    },
  });
}

test("what one was promised, no other is; who waits gets it when it is given back", async () => {
  const room = openRoom(100);
  const [first, second] = await Promise.all([room.reserve(50), room.reserve(50)]);
  const order: string[] = [];
  const third = room.reserve(60).then((given) => {
    order.push("given");
    return given;
  });
  order.push("first");
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await new Promise(setImmediate);
  order.push("second");
  second[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  assert.deepEqual(order, ["first", "second", "given"]);
  assert.equal(room.reservedBytes, 0);
});

test("spare copies go before anybody waits, and where nothing is left it is refused", async () => {
  const room = openRoom(10, 2);
  (await room.reserve(30))[Symbol.dispose]();
  await assert.rejects(room.reserve(31), {
    code: Code.FailedPrecondition,
    message: /0 MiB free, and 0 MiB may be needed/,
  });
});

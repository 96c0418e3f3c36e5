import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { test } from "node:test";
import { peerUid } from "./peer-uid.ts";

for (const [listen, dial] of [
  ["127.0.0.1", "127.0.0.1"],
  ["::", "127.0.0.1"],
  ["::1", "::1"],
] as const) {
  test(`tells whose a connection from ${dial} to ${listen} is`, async (context) => {
    const server = createServer();
    server.listen(0, listen);
    try {
      await once(server, "listening");
    } catch {
      context.skip(`this machine has no ${listen}`);
      return;
    }
    const client = connect((server.address() as AddressInfo).port, dial);
    const [socket] = await once(server, "connection");
    try {
      assert.equal(await peerUid(socket), process.getuid?.());
    } finally {
      client.destroy();
      server.close();
    }
  });
}

test("tells nothing where there is no such connection", async () => {
  const socket = { remoteAddress: "127.0.0.1", remotePort: 1, localAddress: "127.0.0.1", localPort: 2 };
  assert.equal(await peerUid(socket), undefined);
});

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { createNodeDirectory } from "../testing/node-directory.ts";
import { startDnsForwarder } from "./dns-forwarder.ts";
import { NameServers, parseNameServers } from "./name-servers.ts";

const question = Buffer.from("abcdef012345question");

async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

async function ask(port: number): Promise<Buffer> {
  const socket = createSocket("udp4");
  socket.send(question, port, "127.0.0.1");
  const [reply] = (await once(socket, "message")) as [Buffer];
  socket.close();
  return reply;
}

for (const [what, text] of Object.entries({
  "there is no name server": "",
  "the only one cannot even be connected to": "nameserver 255.255.255.255\n",
  "nobody answers there": "nameserver 127.0.0.77\n",
})) {
  test(`a question is answered with SERVFAIL where ${what}`, async (t) => {
    await using paths = await createNodeDirectory();
    const file = join(paths.basePath, "resolv.conf");
    await writeFile(file, text);
    const port = await freePort();
    const forwarder = await startDnsForwarder("127.0.0.1", new NameServers(file), { port, serverPort: 9 });
    t.after(() => forwarder.close());
    for (let time = 0; time < 2; time += 1) {
      const reply = await ask(port);
      assert.equal(reply.subarray(0, 2).toString(), "ab");
      assert.deepEqual([reply.readUInt8(2) & 0x80, reply.readUInt8(3) & 0x0f], [0x80, 2]);
    }
    const client = connect(port, "127.0.0.1").on("error", () => undefined);
    client.write(question);
    await new Promise((resolve) => client.once("close", resolve));
  });
}

test("name servers are the first three that are addresses", () => {
  const text =
    "# nameserver 1.1.1.1\nnameserver ::1\n nameserver 10.0.0.1 # x\nnameserver name\nnameserver 1.2.3.4\nnameserver 5.6.7.8\n";
  assert.deepEqual(parseNameServers(text), ["::1", "10.0.0.1", "1.2.3.4"]);
});

// gRPC as @grpc/grpc-js speaks it: what a program in another language meets.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ateapi, elapsedTrailer, health, logs, reflection, reflectionAlpha } from "@agent-substrate/contract";
import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import * as grpc from "@grpc/grpc-js";
import { type RpcServer, type ServeRpcOptions, serveRpc } from "./index.ts";

type Method<I extends DescMessage, O extends DescMessage> = DescMethod & { input: I; output: O };

function start(options: Partial<ServeRpcOptions> = {}): Promise<RpcServer> {
  return serveRpc({
    services: [ateapi.Control, logs.Logs],
    listen: { host: "127.0.0.1", port: 0 },
    routes: (router) => {
      router.service(ateapi.Control, { getAtespace: ({ name }) => ({ atespace: { name } }) });
      router.service(logs.Logs, {
        async *readLogs({ tailLines }) {
          for (let line = 1; line <= tailLines; line++) yield { text: `line ${line}` };
        },
      });
    },
    ...options,
  });
}

function wire<I extends DescMessage, O extends DescMessage>(method: Method<I, O>) {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    serialize: (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
    deserialize: (bytes: Buffer) => fromBinary(method.output, bytes),
  };
}

/** What gRPC's C core sends for a unix socket. */
const pathAsAuthority = { "grpc.default_authority": "tmp%2Fworker%2Fateom.sock" };

async function withClient<T>(server: RpcServer, use: (client: grpc.Client) => Promise<T>): Promise<T> {
  const client = new grpc.Client(server.address, grpc.credentials.createInsecure());
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

async function unary<I extends DescMessage, O extends DescMessage>(
  client: grpc.Client,
  method: Method<I, O>,
  input: MessageInitShape<I>,
): Promise<{ reply: MessageShape<O>; trailer: grpc.Metadata }> {
  const { path, serialize, deserialize } = wire(method);
  const { promise, resolve, reject } = Promise.withResolvers<MessageShape<O>>();
  const message = create(method.input, input) as MessageShape<I>;
  const call = client.makeUnaryRequest(path, serialize, deserialize, message, (error, reply) => {
    if (error || !reply) reject(error);
    else resolve(reply as MessageShape<O>);
  });
  const status = once(call, "status");
  const reply = await promise;
  const [{ metadata }] = (await status) as [grpc.StatusObject];
  return { reply, trailer: metadata };
}

async function reflect(
  client: grpc.Client,
  version: typeof reflection | typeof reflectionAlpha,
  asked: object,
) {
  const { path, serialize, deserialize } = wire(
    version.ServerReflection.method.serverReflectionInfo as never,
  );
  const call = client.makeBidiStreamRequest(path, serialize, deserialize as never) as grpc.ClientDuplexStream<
    unknown,
    reflection.ServerReflectionResponse
  >;
  call.write(create(version.ServerReflectionRequestSchema, { messageRequest: asked as never }));
  call.end();
  const [answer] = (await call.toArray()) as reflection.ServerReflectionResponse[];
  return answer?.messageResponse;
}

test("unary calls with their trailer, and streams", async () => {
  await using server = await start();
  await withClient(server, async (client) => {
    const { reply, trailer } = await unary(client, ateapi.Control.method.getAtespace, { name: "a" });
    assert.equal(reply.atespace?.name, "a");
    assert.match(String(trailer.get(elapsedTrailer)[0]), /^\d+$/);

    const { path, serialize, deserialize } = wire(logs.Logs.method.readLogs);
    const lines = client.makeServerStreamRequest(
      path,
      serialize,
      deserialize,
      create(logs.ReadLogsRequestSchema, { tailLines: 3 }),
    );
    const texts = ((await lines.toArray()) as logs.LogLine[]).map(({ text }) => text);
    assert.deepEqual(texts, ["line 1", "line 2", "line 3"]);
  });
});

test("health of the server, of a service, and of one that is not here", async () => {
  await using server = await start();
  await withClient(server, async (client) => {
    const check = health.Health.method.check;
    for (const service of ["", "ateapi.Control"]) {
      const { reply } = await unary(client, check, { service });
      assert.equal(reply.status, health.HealthCheckResponse_ServingStatus.SERVING);
    }
    await assert.rejects(unary(client, check, { service: "no.Such" }), { code: grpc.status.NOT_FOUND });
  });
});

for (const version of [reflection, reflectionAlpha]) {
  test(`${version.ServerReflection.typeName} tells services and their files`, async () => {
    await using server = await start();
    await withClient(server, async (client) => {
      const listed = await reflect(client, version, { case: "listServices", value: "" });
      assert.equal(listed?.case, "listServicesResponse");
      assert.deepEqual(
        listed.value.service.map(({ name }) => name),
        [
          "ateapi.Control",
          "substrate.v1.Logs",
          "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection",
          "grpc.reflection.v1alpha.ServerReflection",
        ],
      );
      const value = "substrate.v1.Logs.ReadLogs";
      const files = await reflect(client, version, { case: "fileContainingSymbol", value });
      assert.equal(files?.case, "fileDescriptorResponse");
      const names = files.value.fileDescriptorProto.map(
        (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
      );
      assert.deepEqual(names.toSorted(), [
        "ateapi/ateapi.proto",
        "google/protobuf/timestamp.proto",
        "substrate/v1/logs.proto",
      ]);
      const byName = await reflect(client, version, { case: "fileByFilename", value: "ateapi/ateapi.proto" });
      assert.equal(byName?.case, "fileDescriptorResponse");
      const unknown = await reflect(client, version, { case: "fileContainingSymbol", value: "no.Such" });
      assert.equal(unknown?.case, "errorResponse");
      assert.equal(unknown.value.errorCode, grpc.status.NOT_FOUND);
    });
  });
}

test("a refusal reaches gRPC and Connect callers with its code, before any handler", async () => {
  let reached = false;
  await using server = await start({
    authorize: async ({ headers, url, method, socket }) => {
      assert.equal(method, "POST");
      assert.equal(url, "/ateapi.Control/GetAtespace");
      assert.equal(socket.remoteAddress, "127.0.0.1");
      if (headers.authorization === "Bearer good")
        return { code: Code.PermissionDenied, message: "not you: ä" };
      return { code: Code.Unauthenticated, message: "who are you?" };
    },
    interceptors: [
      (next) => (request) => {
        reached = true;
        return next(request);
      },
    ],
  });
  await withClient(server, async (client) => {
    await assert.rejects(unary(client, ateapi.Control.method.getAtespace, {}), {
      code: grpc.status.UNAUTHENTICATED,
      details: "who are you?",
    });
  });
  const reply = await fetch(`http://${server.address}/ateapi.Control/GetAtespace`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer good" },
    body: "{}",
  });
  assert.equal(reply.status, 403);
  assert.deepEqual(await reply.json(), { code: "permission_denied", message: "not you: ä" });
  assert.equal(reached, false);
});

test("a message above the limit is refused", async () => {
  await using server = await start({ readMaxBytes: 1000 });
  await withClient(server, async (client) => {
    const big = unary(client, ateapi.Control.method.getAtespace, { name: "x".repeat(2000) });
    await assert.rejects(big, { code: grpc.status.RESOURCE_EXHAUSTED });
  });
});

test("a socket is called by whatever authority a client makes of its path; a host is not", async () => {
  await using folder = await makeFolder();
  for (const [listen, isTaken] of [
    [{ unixPath: join(folder.path, "s.sock") }, true],
    [{ host: "127.0.0.1", port: 0 }, false],
  ] as const) {
    await using server = await start({ listen });
    const client = new grpc.Client(server.address, grpc.credentials.createInsecure(), pathAsAuthority);
    try {
      const call = unary(client, ateapi.Control.method.getAtespace, { name: "a" });
      if (isTaken) assert.equal((await call).reply.atespace?.name, "a");
      else await assert.rejects(call, { code: grpc.status.INVALID_ARGUMENT });
    } finally {
      client.close();
    }
  }
});

async function makeFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "rpc-kit-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

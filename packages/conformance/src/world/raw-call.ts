// A call whose message is bytes of the caller's choice, which no generated client would send.
import http2 from "node:http2";
import { connect } from "node:net";

export interface RawAnswer {
  /** The gRPC status code, or undefined where none came. */
  readonly status: number | undefined;
  readonly message: string;
}

export interface RawCallOptions {
  /** `/ateom.Ateom/RunWorkload`. */
  readonly path: string;
  /** The message; it gets gRPC's frame of five bytes unless `isFramed`. */
  readonly bytes: Buffer;
  readonly isFramed?: boolean;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

/** Sends one unary call over a connection of its own. Never throws. */
export async function rawCall(socketPath: string, options: RawCallOptions): Promise<RawAnswer> {
  const { path, bytes, isFramed = false, timeoutMs = 10_000 } = options;
  const session = http2.connect("http://localhost", { createConnection: () => connect(socketPath) });
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const fail = (error: Error) => resolve({ status: undefined, message: error.message });
  const timer = setTimeout(() => fail(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  session.on("error", fail);
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc+proto",
    te: "trailers",
  });
  const take = (headers: http2.IncomingHttpHeaders) => {
    const status = headers["grpc-status"];
    if (status === undefined) return;
    const message = String(headers["grpc-message"] ?? "");
    resolve({ status: Number(status), message });
  };
  stream.on("response", take);
  stream.on("trailers", take);
  stream.on("error", fail);
  stream.on("close", () => fail(new Error("the call was closed without a status")));
  stream.resume();
  stream.end(isFramed ? bytes : Buffer.concat([frameOf(bytes.length), bytes]));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    session.destroy();
  }
}

function frameOf(length: number): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(length, 1);
  return frame;
}

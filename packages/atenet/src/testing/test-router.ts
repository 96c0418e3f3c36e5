// A router as tests run it: a real one, under a fake control plane, with real HTTP servers as actors
// on loopback addresses. Several servers may stand, one after the other, at one worker's address.
import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
  request,
} from "node:http";
import type { AddressInfo } from "node:net";
import { createLogger } from "@agent-substrate/process-kit";
import type { AtenetOptions } from "../options.ts";
import { type Running, startAtenet } from "../start-atenet.ts";
import { FakeControlPlane, type FakeControlPlaneOptions } from "./fake-control-plane.ts";

export const domain = "actors.resources.substrate.ate.dev";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly trailers: IncomingMessage["trailers"];
  readonly text: string;
}

/** An actor: a real HTTP server. */
export interface TestActor extends AsyncDisposable {
  readonly port: number;
  readonly requests: string[];
  close(): Promise<void>;
}

interface Parked {
  count: number;
  readonly watchers: Set<() => void>;
}

export class TestRouter implements AsyncDisposable {
  readonly control: FakeControlPlane;
  readonly running: Running;
  /** Real port of what stands at a worker's `address:port`. */
  readonly ports: Map<string, number>;
  readonly agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

  readonly #parked: Parked;

  private constructor(
    control: FakeControlPlane,
    running: Running,
    ports: Map<string, number>,
    parked: Parked,
  ) {
    this.#parked = parked;
    this.control = control;
    this.running = running;
    this.ports = ports;
  }

  static async start(
    options: Partial<AtenetOptions> & { readonly fake?: FakeControlPlaneOptions } = {},
  ): Promise<TestRouter> {
    const { fake, ...given } = options;
    const control = await FakeControlPlane.start(fake);
    const ports = new Map<string, number>();
    const parked: Parked = { count: 0, watchers: new Set() };
    const running = await startAtenet({
      listen: { host: "127.0.0.1", port: 0 },
      control: control.address,
      stopMs: 50,
      log: createLogger("atenet", "silent"),
      ...given,
      testing: {
        dialPort: ({ address }, port) => ports.get(`${address}:${port}`) ?? 1,
        onParked: (count) => {
          parked.count = count;
          for (const watcher of [...parked.watchers]) watcher();
        },
        ...given.testing,
      },
    });
    await control.until(() => control.streams === 1);
    return new TestRouter(control, running, ports, parked);
  }

  get port(): number {
    return this.running.port;
  }

  /** Waits until so many requests wait for their actors. */
  async parked(count: number): Promise<void> {
    while (this.#parked.count !== count) {
      const changed = Promise.withResolvers<void>();
      this.#parked.watchers.add(changed.resolve);
      await changed.promise;
      this.#parked.watchers.delete(changed.resolve);
    }
  }

  /** Starts an actor at a worker's address, in place of what stood there. */
  async actor(address: string, listener: RequestListener, port = 80): Promise<TestActor> {
    const requests: string[] = [];
    const server = createServer((incoming, response) => {
      requests.push(`${incoming.method} ${incoming.url}`);
      listener(incoming, response);
    });
    server.keepAliveTimeout = 60_000;
    server.listen(0, address);
    await once(server, "listening");
    const real = (server.address() as AddressInfo).port;
    this.ports.set(`${address}:${port}`, real);
    const close = async (): Promise<void> => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    };
    return { port: real, requests, close, [Symbol.asyncDispose]: close };
  }

  /** A request to `actor.atespace`, body read as text. */
  async fetch(
    host: string,
    options: RequestOptions & { readonly body?: string | Buffer } = {},
  ): Promise<Answer> {
    const { body, ...rest } = options;
    const outgoing = this.request(host, rest);
    outgoing.end(body);
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      trailers: response.trailers,
      text: Buffer.concat(chunks).toString(),
    };
  }

  request(host: string, options: RequestOptions = {}) {
    return request({
      host: "127.0.0.1",
      port: this.port,
      agent: this.agent,
      ...options,
      headers: { host: `${host}.${domain}`, ...(options.headers as Record<string, string>) },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.agent.destroy();
    await this.running.stop();
    await this.control[Symbol.asyncDispose]();
  }
}

import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { Http2SessionManager } from "@connectrpc/connect-node";

/**
 * A session that was given up, for example because its pings stayed unanswered, may emit its error after
 * the manager has taken its listeners away, when a new call came just then. Nobody listening, that error
 * would end the process; a listener for life prevents it.
 */
export class SteadySessionManager extends Http2SessionManager {
  readonly #guarded = new WeakSet<ClientHttp2Session>();

  override async request(...args: Parameters<Http2SessionManager["request"]>): Promise<ClientHttp2Stream> {
    const stream = await super.request(...args);
    const session = stream.session as ClientHttp2Session | undefined;
    if (session && !this.#guarded.has(session)) {
      this.#guarded.add(session);
      session.on("error", () => undefined);
    }
    return stream;
  }
}

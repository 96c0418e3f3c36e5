// Who may call the public port: root, the owner, or who has the token. And never a web page: neither by
// a name that it points at this machine (Host), nor from its own origin, nor by a form.
import type { Socket } from "node:net";
import type { Authorize, AuthorizedRequest, Refusal } from "@agent-substrate/rpc-kit";
import { Code } from "@connectrpc/connect";
import { isToken } from "./bearer-token.ts";
import { hostName, isLoopbackHost } from "./loopback-name.ts";
import { peerUid } from "./peer-uid.ts";

export interface PublicAccess {
  readonly ownerUid: number;
  readonly token: string;
  /** Where the port is open; a name beside the loopback ones is allowed as Host only if it is this. */
  readonly listenHost: string;
}

/** Content types that a page may send anywhere without asking first. */
const simpleContentTypes = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

export function authorizePublic(access: PublicAccess): Authorize {
  // The owner of a connection does not change while it is open.
  const uids = new WeakMap<Socket, Promise<number | undefined>>();
  const uidOf = (socket: Socket) => {
    const known = uids.get(socket) ?? peerUid(socket);
    uids.set(socket, known);
    return known;
  };
  return async (request) => {
    const refusal = refuseCrossSite(request, access);
    if (refusal) return refusal;
    const { authorization } = request.headers;
    if (isToken(authorization, access.token)) return;
    if (authorization !== undefined) return unauthenticated("the bearer token is wrong");
    const uid = await uidOf(request.socket);
    if (uid === 0 || uid === access.ownerUid) return;
    if (uid === undefined) return unauthenticated("a bearer token is needed");
    return {
      code: Code.PermissionDenied,
      message: `uid ${uid} is neither root nor the owner of this server, and sent no bearer token`,
    };
  };
}

function refuseCrossSite(request: AuthorizedRequest, { listenHost }: PublicAccess): Refusal | undefined {
  const { headers, method } = request;
  const host = headers[":authority"]?.toString() ?? headers.host;
  const isOwnName =
    isLoopbackHost(host) || (host !== undefined && hostName(host) === listenHost.toLowerCase());
  if (!isOwnName) return denied(`the Host ${JSON.stringify(host ?? "")} is not this server's`);
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    return denied(`the Origin ${JSON.stringify(origin.slice(0, 200))} is not this server's`);
  }
  const contentType = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (method === "POST" && (contentType === "" || simpleContentTypes.includes(contentType))) {
    return denied(`a POST of content type ${JSON.stringify(contentType)} is not taken; use application/json`);
  }
  return undefined;
}

function denied(message: string): Refusal {
  return { code: Code.PermissionDenied, message };
}

function unauthenticated(message: string): Refusal {
  return { code: Code.Unauthenticated, message };
}

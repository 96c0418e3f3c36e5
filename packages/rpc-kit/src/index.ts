export { toConnectError } from "./connect-errors.ts";
export type { ListenTarget } from "./listen.ts";
export { unixPathBytesMax } from "./listen.ts";
export type { Authorize, AuthorizedRequest, Refusal } from "./refusal.ts";
export { readPhases, writePhases } from "./reported-phases.ts";
export type { RpcTransport, RpcTransportOptions } from "./rpc-transport.ts";
export { parseRpcAddress, rpcTransport } from "./rpc-transport.ts";
export type { ObservedCall, RpcServer, ServeRpcOptions } from "./serve-rpc.ts";
export { serveRpc } from "./serve-rpc.ts";

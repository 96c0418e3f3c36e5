import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";

/**
 * Gives the loss of a connection one code, UNAVAILABLE. As the transports have it, a peer that dies shows
 * as CANCELED or ABORTED, which a caller would take for its own or the server's decision, and a missing
 * unix socket as INTERNAL.
 */
export function lostPeerInterceptor(address: string): Interceptor {
  return (next) => async (request) => {
    const name = (failure: unknown) => nameLoss(failure, address, request.signal);
    try {
      const response = await next(request);
      return response.stream ? { ...response, message: renamed(response.message, name) } : response;
    } catch (failure) {
      throw name(failure);
    }
  };
}

/**
 * Whether a call failed because no connection was made: nobody listens at the address, or it is none. The peer
 * had no part in it. False for a connection that was made and lost, also UNAVAILABLE.
 */
export function isNobodyThere(failure: unknown): boolean {
  const { code, cause } = ConnectError.from(failure);
  return code === Code.Unavailable && cause instanceof ConnectError && isUnconnected(cause.cause);
}

function isUnconnected(cause: unknown): boolean {
  const { syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  return syscall === "connect" || syscall === "getaddrinfo";
}

async function* renamed<T>(
  messages: AsyncIterable<T>,
  name: (failure: unknown) => unknown,
): AsyncIterable<T> {
  try {
    yield* messages;
  } catch (failure) {
    throw name(failure);
  }
}

function nameLoss(failure: unknown, address: string, signal: AbortSignal): unknown {
  if (!(failure instanceof ConnectError) || signal.aborted) return failure;
  const cause = failure.cause as NodeJS.ErrnoException | undefined;
  if (cause && isUnconnected(cause)) {
    return unavailable(`nobody answers at ${address} (${cause.code})`, failure);
  }
  // A reset that no status came with: the server had no part in it.
  if (
    /^http\/2 stream closed with error code (CANCEL|INTERNAL_ERROR|REFUSED_STREAM)/.test(failure.rawMessage)
  ) {
    return unavailable(`the connection to ${address} was lost`, failure);
  }
  if (cause?.syscall === "read" || cause?.syscall === "write" || cause?.code?.startsWith("ERR_HTTP2_")) {
    return unavailable(`the connection to ${address} was lost (${cause.code})`, failure);
  }
  return failure;
}

function unavailable(text: string, cause: unknown): ConnectError {
  return new ConnectError(text, Code.Unavailable, undefined, undefined, cause);
}

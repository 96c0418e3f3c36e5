import { once } from "node:events";
import { chmod, chown, lstat, unlink } from "node:fs/promises";
import { type AddressInfo, connect, type Server } from "node:net";

/** Where a server listens: a unix socket (mode 0600 unless told), or a TCP host and port (0 = any free). */
export type ListenTarget =
  | { readonly unixPath: string; readonly mode?: number; readonly owner?: { uid: number; gid: number } }
  | { readonly host: string; readonly port: number };

/** Longest path of a unix socket in bytes: `sun_path` less its ending zero. */
export const unixPathBytesMax = 107;

/**
 * Begins to listen and says at which address: `unix:/path` or `host:port`. A socket file at which
 * nobody answers is removed first; one at which somebody answers is an error.
 */
export async function listen(
  server: Server,
  target: ListenTarget,
): Promise<{ address: string; port?: number }> {
  if ("unixPath" in target) {
    await listenUnix(server, target);
    return { address: `unix:${target.unixPath}` };
  }
  await bind(server, () => server.listen(target.port, target.host), `${target.host}:${target.port}`);
  const { port } = server.address() as AddressInfo;
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return { address: `${host}:${port}`, port };
}

async function listenUnix(
  server: Server,
  target: Extract<ListenTarget, { unixPath: string }>,
): Promise<void> {
  const { unixPath, mode = 0o600, owner } = target;
  if (Buffer.byteLength(unixPath) > unixPathBytesMax) {
    throw new Error(
      `the socket path ${unixPath} has ${Buffer.byteLength(unixPath)} bytes; at most ${unixPathBytesMax} are possible`,
    );
  }
  await removeStaleSocket(unixPath);
  await bind(
    server,
    () => {
      // The kernel makes the file under the umask, so that it is never open wider than 0600. The call
      // binds before it returns.
      const before = process.umask(0o177);
      try {
        server.listen(unixPath);
      } finally {
        process.umask(before);
      }
    },
    unixPath,
  );
  if (owner) await chown(unixPath, owner.uid, owner.gid);
  if (mode !== 0o600) await chmod(unixPath, mode);
}

async function bind(server: Server, start: () => void, where: string): Promise<void> {
  const listening = once(server, "listening");
  start();
  try {
    await listening;
  } catch (error) {
    const busy = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    throw busy ? new Error(`another process already listens at ${where}`, { cause: error }) : error;
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(ignoreAbsent);
  if (!found) return;
  if (!found.isSocket()) throw new Error(`${path} exists and is no socket; move it away`);
  if (await answers(path)) throw new Error(`another process already listens at ${path}`);
  await unlink(path).catch(ignoreAbsent);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    // ECONNREFUSED: bound by nobody. Anything else but absence (EACCES, EAGAIN of a full backlog)
    // means that somebody may be there.
    probe.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT");
    });
  });
}

function ignoreAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

// Whose process is at the other end of a loopback connection, as the kernel says in /proc/net/tcp. The
// other end's own entry has its local and remote address the other way round.
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";

const established = "01";

/** Undefined where it cannot be told: the peer is on another machine or in another network namespace. */
export async function peerUid(
  socket: Pick<Socket, "remoteAddress" | "remotePort" | "localAddress" | "localPort">,
) {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (!remoteAddress || !remotePort || !localAddress || !localPort) return undefined;
  const peer = `${hexAddress(remoteAddress)}:${hexPort(remotePort)}`;
  const self = `${hexAddress(localAddress)}:${hexPort(localPort)}`;
  // An IPv4 address, hexadecimal and with its port, has 13 characters.
  for (const file of peer.length === 13 ? ["tcp", "tcp6"] : ["tcp6"]) {
    const uid = findUid(await readTable(`/proc/net/${file}`), file, peer, self);
    if (uid !== undefined) return uid;
  }
  return undefined;
}

function findUid(table: string, file: string, peer: string, self: string): number | undefined {
  // A socket of the v6 family may speak to a v4 address; it stands in tcp6 with mapped addresses.
  const prefix = file === "tcp6" && peer.length === 13 ? "0000000000000000FFFF0000" : "";
  const wanted = ` ${prefix}${peer} ${prefix}${self} ${established} `;
  const start = table.indexOf(wanted);
  if (start < 0) return undefined;
  const rest = table.slice(start + wanted.length, table.indexOf("\n", start));
  const uid = Number(rest.trim().split(/\s+/)[3]);
  return Number.isInteger(uid) ? uid : undefined;
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}

/** As the kernel writes it: each 32-bit word in the byte order of the machine, which is little-endian. */
function hexAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return hexAddress(mapped);
  if (!address.includes(":")) {
    return address
      .split(".")
      .reverse()
      .map((part) => Number(part).toString(16).toUpperCase().padStart(2, "0"))
      .join("");
  }
  const bytes = ipv6Bytes(address);
  const words = [0, 4, 8, 12].map((at) => bytes.slice(at, at + 4).reverse());
  return words
    .flat()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"))
    .join("");
}

function ipv6Bytes(address: string): number[] {
  const [head = "", tail = ""] = address.split("%", 1).join("").split("::");
  const groups = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail)];
  const middle = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return [...first, ...middle, ...last].flatMap((group) => [group >> 8, group & 0xff]);
}

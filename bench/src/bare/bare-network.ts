// A network namespace for bare sandboxes, linked to this machine directly: the actor's address is the
// same as in the product, for the image remembers it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export const bareAddress = "169.254.17.2";
const gateway = "169.254.17.1";
const insideHardware = "02:00:a9:fe:11:02";
const outsideHardware = "02:00:a9:fe:11:01";

export interface BareNetwork extends AsyncDisposable {
  readonly netnsPath: string;
  /** Before each create: a sandbox takes the address out of the namespace and does not bring it back. */
  renew(): Promise<void>;
}

export async function openBareNetwork(): Promise<BareNetwork> {
  const name = `substrate-bench-${process.pid}`;
  const link = `sbb${process.pid}`;
  await using held = new AsyncDisposableStack();
  await ip(["netns", "add", name]);
  // With the namespace goes the link.
  held.defer(() => ip(["netns", "del", name]));
  await ip(
    ["-batch", "-"],
    `link add ${link} address ${outsideHardware} type veth peer name eth0 address ${insideHardware} netns ${name}
link set ${link} addrgenmode none
addr add ${gateway}/32 dev ${link}
link set ${link} up
route add ${bareAddress}/32 dev ${link}
neigh replace ${bareAddress} lladdr ${insideHardware} dev ${link} nud permanent
`,
  ).catch((error: Error) => {
    throw new Error(`is another benchmark running? ${error.message}`);
  });
  const all = held.move();
  return {
    netnsPath: `/run/netns/${name}`,
    renew: () =>
      ip(
        ["-n", name, "-batch", "-"],
        `link set lo up
link set eth0 addrgenmode none
link set eth0 up
addr replace ${bareAddress}/30 dev eth0
route replace default via ${gateway}
neigh replace ${gateway} lladdr ${outsideHardware} dev eth0 nud permanent
`,
      ),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function ip(words: readonly string[], input = ""): Promise<void> {
  const child = spawn("ip", words, { stdio: ["pipe", "ignore", "pipe"], detached: true });
  child.stdin.on("error", () => undefined).end(input);
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  if (code !== 0) throw new Error(`ip ${words.join(" ")} ended with ${code}: ${said.trim()}`);
}

// What a node supervisor makes for its workers, in namespaces of the test's own: a node, a machine
// outside, and a worker's link. The machine that runs the test is not changed.
import { randomBytes, randomUUID } from "node:crypto";
import { workerNetnsName } from "@agent-substrate/contract";
import { runCommand } from "../run-command.ts";

export interface NodeWorld extends AsyncDisposable {
  readonly node: string;
  readonly outside: string;
  readonly outsideAddress: string;
  /** Makes `worker:<uid>` with its link to the node. */
  addWorker(): Promise<{ uid: string; address: string; nodeAddress: string }>;
}

/** Also outside: the address at which clouds serve their metadata. */
export const metadataAddress = "169.254.169.254";

export async function makeNodeWorld(): Promise<NodeWorld> {
  const tag = randomBytes(4).toString("hex");
  const [node, outside] = [`kit-node-${tag}`, `kit-out-${tag}`];
  const made: string[] = [];
  const add = async (name: string) => {
    await runCommand(["ip", "netns", "add", name]);
    made.push(name);
    await runCommand(["ip", "-n", name, "link", "set", "lo", "up"]);
  };
  await add(node);
  await add(outside);
  await runCommand(
    ["ip", "-n", node, "-batch", "-"],
    `link add out type veth peer name eth0 netns ${outside}
addr add 10.77.0.1/24 dev out
link set out up
route add ${metadataAddress} via 10.77.0.2
`,
  );
  await runCommand(
    ["ip", "-n", outside, "-batch", "-"],
    `addr add 10.77.0.2/24 dev eth0
addr add ${metadataAddress}/32 dev lo
link set eth0 up
route add default via 10.77.0.1
`,
  );
  await runCommand(["nsenter", `--net=/run/netns/${node}`, "tee", "/proc/sys/net/ipv4/ip_forward"], "1");

  let workers = 0;
  return {
    node,
    outside,
    outsideAddress: "10.77.0.2",
    async addWorker() {
      const uid = randomUUID();
      const name = workerNetnsName(uid);
      const base = 4 * workers++;
      const [nodeAddress, address] = [`100.64.0.${base + 1}`, `100.64.0.${base + 2}`];
      await add(name);
      await runCommand(
        ["ip", "-n", node, "-batch", "-"],
        `link add sb${base} type veth peer name eth0 netns ${name}
addr add ${nodeAddress}/30 dev sb${base}
link set sb${base} up
`,
      );
      await runCommand(
        ["ip", "-n", name, "-batch", "-"],
        `addr add ${address}/30 dev eth0
link set eth0 up
route add default via ${nodeAddress}
`,
      );
      return { uid, address, nodeAddress };
    },
    async [Symbol.asyncDispose]() {
      for (const name of made.reverse()) await runCommand(["ip", "netns", "del", name]);
    },
  };
}

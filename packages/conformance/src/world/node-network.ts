// The network of a node, in namespaces of the suite's own: this process is the node, and beside it there
// are a machine outside and a link for each worker. The machine's own network is not touched.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { workerNetnsName } from "@agent-substrate/contract";
import { runCommand } from "./run-command.ts";

/** Where clouds serve their metadata; here, the machine outside. */
export const metadataAddress = "169.254.169.254";
export const outsideAddress = "10.77.0.2";
export const outsideNetns = "outside";

/** What a node makes for a worker before its back end starts. */
export interface WorkerPlace {
  readonly uid: string;
  /** Of `eth0` in the worker's namespace. */
  readonly address: string;
  /** The node's side of the worker's link. */
  readonly nodeAddress: string;
}

export interface NodeNetwork {
  addWorker(): Promise<WorkerPlace>;
}

/** Called once, in a network namespace that holds nothing yet. */
export async function makeNodeNetwork(): Promise<NodeNetwork> {
  await runCommand(["ip", "link", "set", "lo", "up"]);
  await addNetns(outsideNetns);
  await runCommand(
    ["ip", "-batch", "-"],
    `link add out type veth peer name eth0 netns ${outsideNetns}
addr add 10.77.0.1/24 dev out
link set out up
route add ${metadataAddress} via ${outsideAddress}
`,
  );
  await runCommand(
    ["ip", "-n", outsideNetns, "-batch", "-"],
    `addr add ${outsideAddress}/24 dev eth0
addr add ${metadataAddress}/32 dev lo
link set eth0 up
route add default via 10.77.0.1
`,
  );
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
  let made = 0;
  return {
    async addWorker() {
      const number = made++;
      const uid = randomUUID();
      const name = workerNetnsName(uid);
      const [nodeAddress, address] = [addressOf(4 * number + 1), addressOf(4 * number + 2)];
      await addNetns(name);
      await runCommand(
        ["ip", "-batch", "-"],
        `link add sb${number} type veth peer name eth0 netns ${name}
addr add ${nodeAddress}/30 dev sb${number}
link set sb${number} up
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
  };
}

function addressOf(number: number): string {
  return `100.64.${number >> 8}.${number & 255}`;
}

async function addNetns(name: string): Promise<void> {
  await runCommand(["ip", "netns", "add", name]);
  await runCommand(["ip", "-n", name, "link", "set", "lo", "up"]);
}

// A network namespace for a sandbox, joined to the test's own by a link with random addresses.
import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { promisify } from "node:util";
import type { ActorNetwork } from "@agent-substrate/ateom-kit";

const exec = promisify(execFile);

export interface TestNetwork extends ActorNetwork, AsyncDisposable {
  /** The address of `eth0`. */
  readonly actorAddress: string;
}

export async function openTestNetwork(name: string): Promise<TestNetwork> {
  const link = `gv${name.slice(0, 8)}`;
  const block = randomInt(0, 2 ** 15) * 4;
  const address = (host: number) => `198.${18 + (block >> 16)}.${(block >> 8) & 255}.${(block & 255) + host}`;
  const [nodeSide, actorAddress] = [address(1), address(2)];
  await exec("ip", ["netns", "add", name]);
  await exec("ip", ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name]);
  await exec("ip", ["address", "add", `${nodeSide}/30`, "dev", link]);
  await exec("ip", ["link", "set", link, "up"]);
  const renew = async () => {
    await exec("ip", ["-n", name, "address", "replace", `${actorAddress}/30`, "dev", "eth0"]);
    await exec("ip", ["-n", name, "link", "set", "eth0", "up"]);
    await exec("ip", ["-n", name, "route", "replace", "default", "via", nodeSide]);
  };
  await renew();
  return {
    netnsPath: `/run/netns/${name}`,
    actorAddress,
    renew,
    async [Symbol.asyncDispose]() {
      await exec("ip", ["link", "delete", link]);
      await exec("ip", ["netns", "delete", name]);
    },
  };
}

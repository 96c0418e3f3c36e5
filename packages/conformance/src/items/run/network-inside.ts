import type { NetworkInterfaceInfo } from "node:os";
import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

interface Facts {
  readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[]>>;
  readonly routes: string | null;
}

/** 169.254.17.1 as /proc/net/route writes it. */
const gateway = "0111FEA9";

export const networkInside: Item = {
  id: "run/network-inside",
  title: "The actor has eth0 with 169.254.17.2/30 and its default route.",
  rule: "actor-network",
  about:
    "Reads interfaces and routes inside. They are the same on every worker of every class, because a restored program remembers its address.",
  mistakes: "The worker's own address in the sandbox, or another one on each worker.",
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const { interfaces, routes } = await worker.probe.ask<Facts>("GET /facts");
    const cidrs = interfaces.eth0?.filter(({ family }) => family === "IPv4").map(({ cidr }) => cidr);
    expectEqual(cidrs, ["169.254.17.2/30"], "the addresses of eth0");
    const byDefault = routes?.split("\n").map((line) => line.split("\t"));
    expect(
      byDefault?.some(([link, to, by]) => link === "eth0" && to === "00000000" && by === gateway),
      `the routes of the actor are ${JSON.stringify(routes)}`,
    );
  },
};

import type { WorkloadStats } from "@agent-substrate/ateom-kit";

/** The part of runsc's events that is read (runsc/boot/events.go). */
interface SandboxEvent {
  readonly event?: {
    readonly data?: {
      readonly memory?: { readonly usage?: { readonly usage?: number } };
      readonly network_interfaces?: readonly {
        readonly Name: string;
        readonly RxBytes: number;
        readonly TxBytes: number;
      }[];
    };
  };
  /** Container id -> nanoseconds. */
  readonly containerUsage?: Readonly<Record<string, number>>;
}

/**
 * What a sandbox uses, from the event of each of its workload's containers: of the sandbox's memory each
 * tells a share, and all tell the same of network and processor. Undefined where one is no event.
 */
export function addEvents(events: readonly unknown[]): WorkloadStats | undefined {
  const [first, ...rest] = events.filter(isEvent);
  if (!first || rest.length + 1 !== events.length) return undefined;
  const memory = [first, ...rest].map(({ event }) => event?.data?.memory?.usage?.usage ?? 0);
  const cpuNs = Object.values(first.containerUsage ?? {}).reduce((sum, usage) => sum + usage, 0);
  const link = first.event?.data?.network_interfaces?.find(({ Name }) => Name === "eth0");
  return {
    memoryBytes: memory.reduce((sum, bytes) => sum + bytes, 0),
    cpuUsageUs: cpuNs / 1000,
    ...(link && { networkReceiveBytes: link.RxBytes, networkTransmitBytes: link.TxBytes }),
  };
}

function isEvent(value: unknown): value is SandboxEvent {
  return typeof value === "object" && value !== null && "event" in value;
}

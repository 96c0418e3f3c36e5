import { join } from "node:path";
import { validateFileName } from "@agent-substrate/contract";
import type { ContainerOutput } from "../back-end.ts";
import { type OpenContainerOutput, openContainerOutput } from "../output/container-output.ts";
import type { LineWriter } from "../output/line-writer.ts";

/** Channels that one worker may have open: enough for a running and a prepared workload. */
const channelsMax = 256;

/** The output channels of one worker. */
export interface WorkerOutputs {
  open(name: string): Promise<ContainerOutput>;
  /** What a container wrote last, up to this moment; one of its channels after the other. */
  lastLines(container: string): Promise<readonly string[]>;
  closeAll(): Promise<void>;
}

/** Channels lie in `directory` as `output-<name>`. */
export function createWorkerOutputs(directory: string, writer: LineWriter): WorkerOutputs {
  const channels = new Map<string, OpenContainerOutput>();
  return {
    async open(name) {
      validateFileName("output name", name);
      if (channels.has(name)) throw new Error(`the output "${name}" is open already`);
      if (channels.size >= channelsMax) throw new Error(`${channelsMax} outputs are open already`);
      const channel = await openContainerOutput(join(directory, `output-${name}`), writer, () =>
        channels.delete(name),
      );
      channels.set(name, channel);
      return channel;
    },
    async lastLines(container) {
      const of = [...channels.values()].filter((candidate) => candidate.container === container);
      await Promise.all(of.map((channel) => channel.drain()));
      return of.flatMap((channel) => channel.recentLines());
    },
    async closeAll() {
      await Promise.all([...channels.values()].map((channel) => channel.close()));
    },
  };
}

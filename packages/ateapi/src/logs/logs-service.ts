// An actor's output lies on the nodes that it was on; a reader sees it in one stream.

import { InvalidInput, type logs } from "@agent-substrate/contract";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import { readActorRef } from "../actors/actor-ref.ts";
import type { LiveActors } from "../actors/live-actors.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";
import { noSuchActor } from "../operations/lifecycle-errors.ts";
import { mergeStreams } from "../streams/merge-streams.ts";

/** Lines of several nodes that are sorted in memory; a node keeps no more of an actor than this. */
const linesMax = 1_000_000;

/** Serves `substrate.v1.Logs`. */
export function logsService(actors: LiveActors, nodes: NodeDirectory): ServiceImpl<typeof logs.Logs> {
  return {
    async *readLogs(request, context) {
      const name = readActorRef(request.actorRef);
      if (request.tailLines < 0) throw new InvalidInput("tail_lines", "should not be negative");
      if (!(await actors.get(name))) throw noSuchActor(name);
      const connected = nodes.connected();
      const offers = await Promise.all(connected.map(({ client }) => client.offersNode()));
      const { signal } = context;
      const streams = connected
        .filter((_, index) => offers[index])
        .map(({ client }) => client.node.readLogs(request, { signal }));
      if (streams.length <= 1 || request.follow) yield* mergeStreams(streams);
      else yield* await sortedLines(streams, request.tailLines);
    },
  };
}

/** Oldest first over all nodes, the last ones only where so many are asked for. */
async function sortedLines(
  streams: readonly AsyncIterable<logs.LogLine>[],
  tailLines: number,
): Promise<logs.LogLine[]> {
  const lines: logs.LogLine[] = [];
  for await (const line of mergeStreams(streams)) {
    if (lines.push(line) >= linesMax) break;
  }
  const timeOf = ({ time }: logs.LogLine) => (time ? timestampMs(time) : 0);
  const sorted = lines.sort((a, b) => timeOf(a) - timeOf(b));
  return tailLines > 0 ? sorted.slice(-tailLines) : sorted;
}

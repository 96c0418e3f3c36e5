// The RPC edge of what a node offers beside the lifecycle calls.
import {
  InvalidInput,
  type images,
  type node,
  validateDns1123Label,
  validateSnapshotUriPrefix,
} from "@agent-substrate/contract";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import { formatLocalReference } from "../images/image-reference.ts";
import type { ActorLogs } from "../logs/actor-logs.ts";
import { endWorkload } from "../operations/end-workload.ts";
import type { NodeWorld } from "../operations/node-world.ts";
import { parsePrefix } from "./checkpoint-place.ts";

const chunkBytesMax = 1024 * 1024;

export function nodeService(
  world: NodeWorld,
  logs: ActorLogs,
  nodeName: string,
): ServiceImpl<typeof node.Node> {
  return {
    async uploadSnapshot({ snapshotPrefix, snapshotUriPrefix }) {
      const prefix = parsePrefix("snapshot_prefix", snapshotPrefix);
      await world.snapshots.upload(
        prefix,
        validateSnapshotUriPrefix("snapshot_uri_prefix", snapshotUriPrefix),
      );
      return {};
    },
    async deleteSnapshot({ snapshotPrefix, snapshotUriPrefix }) {
      const prefix = snapshotPrefix === "" ? "" : parsePrefix("snapshot_prefix", snapshotPrefix);
      const uriPrefix =
        snapshotUriPrefix === ""
          ? undefined
          : validateSnapshotUriPrefix("snapshot_uri_prefix", snapshotUriPrefix);
      await world.snapshots.delete(prefix, uriPrefix);
      return {};
    },
    async endWorkload({ workerUid, generation }) {
      await endWorkload(world, validateDns1123Label("worker_uid", workerUid), generation);
      return {};
    },
    async forgetActor({ atespace, actorId }) {
      await logs.forget({ atespace, actorId });
      return {};
    },
    async importImage(requests) {
      const messages = requests[Symbol.asyncIterator]();
      const first = await messages.next();
      if (first.done) throw new InvalidInput("name", "is required");
      const { name, chunk } = first.value;
      return { reference: await world.images.import(name, chunksOf(chunk, messages)) };
    },
    listImages() {
      const images = world.images.list().map((image) => ({
        reference: formatLocalReference(image),
        sizeBytes: BigInt(image.sizeBytes),
        importedAt: timestampFromMs(image.importedAt),
        nodes: [nodeName],
      }));
      return { images };
    },
    async *readLogs({ actorRef, follow, tailLines }, { signal }) {
      const owner = { atespace: actorRef?.atespace ?? "", actorId: actorRef?.name ?? "" };
      if (tailLines < 0) throw new InvalidInput("tail_lines", "should not be negative");
      for await (const { time, container, text, worker } of logs.read(
        owner,
        { tail: tailLines, follow },
        signal,
      )) {
        yield { time: timestampFromMs(time), container, text, worker };
      }
    },
  };
}

async function* chunksOf(
  first: Uint8Array,
  messages: AsyncIterator<images.ImportImageRequest>,
): AsyncIterable<Uint8Array> {
  yield checkChunk(first);
  for (let next = await messages.next(); !next.done; next = await messages.next()) {
    yield checkChunk(next.value.chunk);
  }
}

function checkChunk(chunk: Uint8Array): Uint8Array {
  if (chunk.length > chunkBytesMax) throw new InvalidInput("chunk", `has more than ${chunkBytesMax} bytes`);
  return chunk;
}

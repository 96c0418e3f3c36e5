// The image stores of the nodes: an import goes to every connected node, a list is of all of them.
import { images } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { NodeDirectory } from "../nodes/node-directory.ts";
import type { NodeSession } from "../nodes/node-session.ts";
import { splitStream } from "../streams/split-stream.ts";

const listTimeoutMs = 30_000;

/** Serves `substrate.v1.Images`. `imported` is told after each import. */
export function imagesService(nodes: NodeDirectory, imported: () => void): ServiceImpl<typeof images.Images> {
  return {
    async importImage(messages, context) {
      const sessions = await nodesWithStore(nodes);
      const imports = splitStream(messages, sessions).map(([{ client }, branch]) =>
        client.node.importImage(branch, { signal: context.signal }),
      );
      const replies = await Promise.all(imports);
      const references = new Set(replies.map(({ reference }) => reference));
      const [reference = ""] = references;
      if (references.size > 1)
        throw new ConnectError("the nodes disagree about the image's digest", Code.Internal);
      imported();
      return { reference };
    },
    async listImages(_request, context) {
      const sessions = await nodesWithStore(nodes);
      const lists = await Promise.all(
        sessions.map(async (session) => {
          const options = { signal: context.signal, timeoutMs: listTimeoutMs };
          return { session, reply: await session.client.node.listImages({}, options) };
        }),
      );
      const merged = new Map<string, images.Image>();
      for (const { session, reply } of lists) {
        for (const image of reply.images) {
          const known = merged.get(image.reference) ?? create(images.ImageSchema, { ...image, nodes: [] });
          known.nodes.push(session.name);
          merged.set(image.reference, known);
        }
      }
      return { images: [...merged.values()].sort((a, b) => (a.reference < b.reference ? -1 : 1)) };
    },
  };
}

async function nodesWithStore(nodes: NodeDirectory): Promise<NodeSession[]> {
  const connected = nodes.connected();
  const offers = await Promise.all(connected.map(({ client }) => client.offersNode()));
  const sessions = connected.filter((_, index) => offers[index]);
  if (sessions.length > 0) return sessions;
  const text = connected.length === 0 ? "no node is connected" : "no connected node has an image store";
  throw new ConnectError(text, Code.Unavailable);
}

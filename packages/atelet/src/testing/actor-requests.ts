// The requests that tests make of a node and of actors, and what they expect to be refused.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { atelet, type nodes } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";

const { LOCAL, EXTERNAL } = atelet.CheckpointType;
const { FULL } = atelet.SnapshotScope;

/** Metadata of a call. */
export function headers(operation: string, generation: number, atespace = "space"): Record<string, string> {
  return {
    "ate-operation-id": operation,
    "ate-generation": String(generation),
    "ate-atespace": atespace,
    "ate-template": "counter",
  };
}

/** What a call says of an actor and its worker. */
export function actorOn(worker: nodes.NodeWorker | undefined, image: string, actorId = "one") {
  return {
    targetAteomUid: worker?.uid ?? "",
    actorTemplateNamespace: "default",
    actorTemplateName: "counter",
    actorId,
    spec: {
      containers: [
        {
          name: "app",
          image,
          env: [{ name: "A", value: "b" }],
          readyz: { httpGet: { path: "/readyz", port: 80 } },
        },
      ],
    },
  };
}

/** For the fake back end, which needs none. */
export const assets = { sandboxClass: "fake", assets: {} };

export function local(prefix: string) {
  return {
    type: LOCAL,
    scope: FULL,
    config: { case: "localConfig" as const, value: { snapshotPrefix: prefix } },
  };
}

export function external(uriPrefix: string) {
  return {
    type: EXTERNAL,
    scope: FULL,
    config: { case: "externalConfig" as const, value: { snapshotUriPrefix: uriPrefix } },
  };
}

/** On a connection of its own: those of an actor that left its worker are reset. */
export async function post(worker: nodes.NodeWorker | undefined, path = "/", body = ""): Promise<string> {
  const asked = request({ host: worker?.address, path, method: "POST", agent: false }).end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return text(response);
}

/** For assert.rejects. */
export function refusal(code: Code, pattern: RegExp) {
  return (error: unknown) => {
    const { code: found, rawMessage } = ConnectError.from(error);
    assert.deepEqual(
      { code: Code[found], fits: pattern.test(rawMessage), rawMessage },
      { code: Code[code], fits: true, rawMessage },
    );
    return true;
  };
}

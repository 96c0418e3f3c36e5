// A fake: it keeps what it is told in maps, over a real socket. No worker, no sandbox, no rules but the
// few that a test asks for.
import { ateapi, images, logs, resources, watch } from "@agent-substrate/contract";
import { type RpcServer, serveRpc } from "@agent-substrate/rpc-kit";
import { create, type JsonObject } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";

export interface FakeControlPlane extends AsyncDisposable {
  readonly endpoint: string;
  readonly actors: ateapi.Actor[];
  readonly workers: ateapi.Worker[];
  readonly events: watch.Event[];
  readonly resources: Map<string, resources.Resource>;
  readonly images: { name: string; archive: Buffer }[];
  readonly logLines: string[];
  /** What a watch is sent after everything that is. */
  readonly changes: watch.WatchResponse[];
  /** The last call's `authorization`. */
  authorization: string | null;
}

/** Starts one on a free port. */
export async function startFakeControlPlane(): Promise<FakeControlPlane> {
  const state: Omit<FakeControlPlane, "endpoint" | typeof Symbol.asyncDispose> = {
    actors: [],
    workers: [],
    events: [],
    resources: new Map(),
    images: [],
    logLines: [],
    changes: [],
    authorization: null,
  };
  const server: RpcServer = await serveRpc({
    services: [ateapi.Control, resources.Resources, watch.Watch, images.Images, logs.Logs],
    listen: { host: "127.0.0.1", port: 0 },
    routes: (router) => {
      serveControl(router, state);
      serveResources(router, state);
      serveStreams(router, state);
    },
    interceptors: [
      (next) => (request) => {
        state.authorization = request.header.get("authorization");
        return next(request);
      },
    ],
  });
  return Object.assign(state, { endpoint: server.address, [Symbol.asyncDispose]: () => server.close() });
}

type State = Parameters<typeof serveControl>[1];

function serveControl(
  router: ConnectRouter,
  state: Omit<FakeControlPlane, "endpoint" | typeof Symbol.asyncDispose>,
): void {
  const find = (ref: ateapi.ActorRef | undefined): ateapi.Actor => {
    const found = state.actors.find(
      (actor) => actor.atespace === ref?.atespace && actor.actorId === ref.name,
    );
    if (!found) throw new ConnectError(`no actor ${ref?.atespace}/${ref?.name}`, Code.NotFound);
    return found;
  };
  const become =
    (status: ateapi.Actor_Status) => (request: { actorRef?: ateapi.ActorRef }, context: HandlerContext) => {
      context.responseTrailer.set("ate-phases", "place=0.412;restore=61.020;other=0.010");
      return { actor: Object.assign(find(request.actorRef), { status }) };
    };
  router.service(ateapi.Control, {
    listActors: ({ atespace, pageToken }) => {
      // One a page, so that the client must turn pages.
      const all = state.actors.filter((actor) => atespace === "" || actor.atespace === atespace);
      const index = Number(pageToken || 0);
      return {
        actors: all.slice(index, index + 1),
        nextPageToken: index + 1 < all.length ? String(index + 1) : "",
      };
    },
    getActor: ({ actorRef }) => ({ actor: find(actorRef) }),
    createActor: ({ actorRef, actorTemplateNamespace, actorTemplateName, workerSelector }) => {
      const actor = create(ateapi.ActorSchema, {
        atespace: actorRef?.atespace ?? "",
        actorId: actorRef?.name ?? "",
        actorTemplateNamespace,
        actorTemplateName,
        status: ateapi.Actor_Status.SUSPENDED,
        version: 1n,
        ...(workerSelector && { workerSelector }),
      });
      state.actors.push(actor);
      return { actor };
    },
    deleteActor: ({ actorRef }) => {
      const found = find(actorRef);
      if (found.status !== ateapi.Actor_Status.SUSPENDED) {
        throw new ConnectError(
          "the actor is RUNNING; only a SUSPENDED one can be deleted",
          Code.FailedPrecondition,
        );
      }
      state.actors.splice(state.actors.indexOf(found), 1);
      return {};
    },
    resumeActor: become(ateapi.Actor_Status.RUNNING),
    suspendActor: become(ateapi.Actor_Status.SUSPENDED),
    pauseActor: become(ateapi.Actor_Status.PAUSED),
    listWorkers: () => ({ workers: state.workers }),
    listAtespaces: () => ({ atespaces: [{ name: "b" }, { name: "a" }] }),
    getAtespace: ({ name }) => ({ atespace: { name } }),
    createAtespace: ({ name }) => ({ atespace: { name } }),
    deleteAtespace: ({ name }) => {
      if (name === "full")
        throw new ConnectError('the atespace "full" still has actors', Code.FailedPrecondition);
      return {};
    },
  });
}

function serveResources(router: ConnectRouter, state: State): void {
  const keyOf = (kind: string, namespace: string, name: string) => `${kind}/${namespace}/${name}`;
  router.service(resources.Resources, {
    applyResource: ({ object = {} }) => {
      const { kind, metadata } = object as { kind: string; metadata: { name: string; namespace: string } };
      const key = keyOf(kind, metadata.namespace, metadata.name);
      const before = state.resources.get(key);
      const { name, namespace } = metadata;
      const resource = create(resources.ResourceSchema, {
        kind,
        name,
        namespace,
        object: object as JsonObject,
      });
      state.resources.set(key, resource);
      const { CREATED, CONFIGURED } = resources.ApplyResourceResponse_Outcome;
      return { resource, outcome: before ? CONFIGURED : CREATED };
    },
    listResources: ({ kind, namespace }) => ({
      resources: [...state.resources.values()].filter(
        (resource) => resource.kind === kind && (namespace === "" || resource.namespace === namespace),
      ),
    }),
    getResource: ({ kind, namespace, name }) => {
      const resource = state.resources.get(keyOf(kind, namespace, name));
      if (!resource) throw new ConnectError(`no ${kind} ${namespace}/${name}`, Code.NotFound);
      return { resource };
    },
    deleteResource: ({ kind, namespace, name }) => {
      if (!state.resources.delete(keyOf(kind, namespace, name))) {
        throw new ConnectError(`no ${kind} ${namespace}/${name}`, Code.NotFound);
      }
      return {};
    },
  });
}

function serveStreams(router: ConnectRouter, state: State): void {
  router.service(watch.Watch, {
    listEvents: ({ atespace }) => ({
      events: state.events.filter((event) => atespace === "" || event.atespace === atespace),
    }),
    async *watch(request, { signal }) {
      if (request.actors) for (const value of state.actors) yield { change: { case: "actor", value } };
      yield { version: 1n, change: { case: "synced", value: {} } };
      yield* state.changes;
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  router.service(images.Images, {
    importImage: async (requests) => {
      let name = "";
      const chunks: Uint8Array[] = [];
      for await (const request of requests) {
        name ||= request.name;
        chunks.push(request.chunk);
      }
      state.images.push({ name, archive: Buffer.concat(chunks) });
      return { reference: `local/${name}@sha256:${"0".repeat(64)}` };
    },
    listImages: () => ({
      images: state.images.map(({ name, archive }) => ({
        reference: `local/${name}@sha256:${"0".repeat(64)}`,
        sizeBytes: BigInt(archive.length),
        nodes: ["node-1"],
      })),
    }),
  });
  router.service(logs.Logs, {
    async *readLogs({ tailLines }) {
      const first = tailLines === 0 ? 0 : Math.max(0, state.logLines.length - tailLines);
      for (const text of state.logLines.slice(first)) yield { text, container: "main", worker: "w1" };
    },
  });
}

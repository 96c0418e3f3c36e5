import { join } from "node:path";
import { ateapi, images, logs, nodes, resources, routes, watch } from "@agent-substrate/contract";
import { createLogger } from "@agent-substrate/process-kit";
import { type ObservedCall, type RpcServer, serveRpc } from "@agent-substrate/rpc-kit";
import type { ConnectRouter } from "@connectrpc/connect";
import { authorizePublic } from "./access/authorize-public.ts";
import { openToken } from "./access/bearer-token.ts";
import { becomeUser, ownFolder } from "./access/drop-privileges.ts";
import { controlService } from "./actors/control-service.ts";
import { clearStore } from "./actors/debug-clear.ts";
import { type ControlPlane, openControlPlane } from "./control-plane.ts";
import { imagesService } from "./images/images-service.ts";
import { logsService } from "./logs/logs-service.ts";
import { metricsPage } from "./metrics-page.ts";
import { nodesService } from "./nodes/nodes-service.ts";
import type { AteapiOptions } from "./options.ts";
import { resourcesService } from "./resources/resources-service.ts";
import { routesService } from "./routes/routes-service.ts";
import { openSqliteStore } from "./storage/sqlite/sqlite-store.ts";
import { listEverything } from "./watch/publish-changes.ts";
import { watchService } from "./watch/watch-service.ts";

/** A control plane that serves. */
export interface Running extends AsyncDisposable {
  /** Of the public API. */
  readonly host: string;
  readonly port: number;
  /** `unix:/path`: everything, Nodes and Routes too. */
  readonly controlAddress: string;
  /** Holds the bearer token, 0600. */
  readonly tokenPath: string;
  /** Rejects when the store is lost: this control plane can do nothing any more. Never resolves. */
  readonly failed: Promise<never>;
  /** Leaves actors and operations as they are; the next control plane goes on with them. Idempotent. */
  stop(): Promise<void>;
}

const publicServices = [ateapi.Control, resources.Resources, watch.Watch, images.Images, logs.Logs];

/** Starts a control plane; resolves when it serves and has given up what it need not be. */
export async function startAteapi(options: AteapiOptions): Promise<Running> {
  const log = options.log ?? createLogger("ateapi");
  const { dropTo } = options;
  const owner = { uid: options.ownerUid ?? process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  await using opened = new AsyncDisposableStack();

  await ownFolder(options.dataDir, dropTo);
  const tokenPath = join(options.dataDir, "token");
  const token = await openToken(tokenPath, owner);
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  const storePath = options.storePath ?? join(options.dataDir, "substrate.db");
  const store = await openSqliteStore(storePath, (failure) =>
    lost.reject(new Error(`the store is lost: ${failure.message}`, { cause: failure })),
  );
  opened.defer(() => store.close());
  await ownFolder(options.dataDir, dropTo);
  const plane = await openControlPlane(store, options, log);
  opened.defer(() => plane.stop());

  const observe = (call: ObservedCall) => {
    plane.metrics.called(call);
    const { service, method, error } = call;
    if (error?.cause !== undefined)
      log.warn({ call: `${service}/${method}`, err: error.cause }, "call failed");
  };
  const publicRoutes = registerPublic(plane, options);
  const controlServer = await serveRpc({
    services: [...publicServices, nodes.Nodes, routes.Routes],
    routes: (router) => {
      publicRoutes(router);
      router.service(
        nodes.Nodes,
        nodesService(plane.nodes, plane.workers, {
          isStatic: (nodeName) => plane.staticNodes.has(nodeName),
          inventory: (session) => plane.losses.checkNode(session),
        }),
      );
      router.service(
        routes.Routes,
        routesService(plane.bindings, plane.leases, {
          report: (routerId, activity) => plane.reportActivity(routerId, activity),
          forgetRouter: (routerId) => plane.activity.forgetRouter(routerId),
        }),
      );
    },
    listen: { unixPath: options.controlSocket, ...(dropTo && process.getuid?.() === 0 && { owner: dropTo }) },
    observe,
  });
  opened.use(controlServer);
  const publicServer = await serveRpc({
    services: publicServices,
    routes: publicRoutes,
    listen: options.listen,
    fallback: metricsPage(plane.metrics.registry),
    authorize: authorizePublic({ ownerUid: owner.uid, token, listenHost: options.listen.host }),
    observe,
  });
  opened.use(publicServer);
  if (dropTo) becomeUser(dropTo);

  // Disposed by `stop` from here on.
  opened.move();
  const close = async () => {
    // Callers in flight are answered while the servers drain: their operations go on another time.
    const drained = Promise.all([publicServer.close(), controlServer.close()]);
    plane.stop();
    await drained;
    await store.close();
  };
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= close());
  return {
    host: options.listen.host,
    port: portOf(publicServer),
    controlAddress: controlServer.address,
    tokenPath,
    failed: lost.promise,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function registerPublic(plane: ControlPlane, options: AteapiOptions): (router: ConnectRouter) => void {
  const { store, actors, workers, catalog, resumes, lifecycle, goldenKeeper, feed } = plane;
  const parts = {
    store,
    actors,
    workers,
    catalog,
    resumes,
    lifecycle,
    ...(options.debugClear && { clear: () => clearStore(plane) }),
  };
  return (router) => {
    router.service(ateapi.Control, controlService(parts));
    router.service(
      resources.Resources,
      resourcesService(catalog, {
        applied: (resource) => {
          const { object } = resource;
          if (object.kind === "ActorTemplate") goldenKeeper.make({ ...resource, object });
          else if (object.kind === "Secret") goldenKeeper.retryFailed();
        },
        deleted: async (resource) => {
          if (resource.object.kind === "ActorTemplate")
            await goldenKeeper.forget({ ...resource, object: resource.object });
        },
      }),
    );
    router.service(
      watch.Watch,
      watchService(feed, store, (wanted) => listEverything(plane, wanted)),
    );
    router.service(
      images.Images,
      imagesService(plane.nodes, () => goldenKeeper.retryFailed()),
    );
    router.service(logs.Logs, logsService(actors, plane.nodes));
  };
}

function portOf(server: RpcServer): number {
  if (server.port === undefined) throw new Error("the public API has no port");
  return server.port;
}

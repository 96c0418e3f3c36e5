import { ateapi } from "@agent-substrate/contract";
import { waitForTemplate } from "@agent-substrate/standalone";
import type { JsonObject } from "@bufbuild/protobuf";
import { type ActorAnswer, type ActorRequest, requestActor } from "./actor-request.ts";
import type { Substrate } from "./start-substrate.ts";

type StatusName = keyof typeof ateapi.Actor_Status;

/** An actor of a running substrate. */
export interface ActorHandle {
  /** `<name>.<atespace>` */
  readonly host: string;
  readonly actorRef: { readonly atespace: string; readonly name: string };
  request(path?: string, options?: Partial<ActorRequest>): Promise<ActorAnswer>;
  get(): Promise<ateapi.Actor>;
  /** `SUSPENDED`, `RUNNING`, … */
  status(): Promise<StatusName>;
  resume(): Promise<ateapi.Actor>;
  suspend(): Promise<ateapi.Actor>;
  pause(): Promise<ateapi.Actor>;
  delete(): Promise<void>;
}

/** Applies a template of the namespace `default` and waits for its golden snapshot. */
export async function applyTemplate(substrate: Substrate, object: JsonObject): Promise<void> {
  await substrate.client.resources.applyResource({ object });
  const { name } = object.metadata as { name: string };
  await waitForTemplate(substrate.client, name, AbortSignal.timeout(90_000));
}

export async function createActor(
  substrate: Substrate,
  template: string,
  name: string,
  atespace = "default",
): Promise<ActorHandle> {
  const actorRef = { atespace, name };
  const names = { actorTemplateNamespace: "default", actorTemplateName: template };
  await substrate.client.control.createActor({ actorRef, ...names });
  return actorHandle(substrate, name, atespace);
}

export function actorHandle(substrate: Substrate, name: string, atespace = "default"): ActorHandle {
  const { control } = substrate.client;
  const actorRef = { atespace, name };
  const host = `${name}.${atespace}`;
  const present = ({ actor }: { actor?: ateapi.Actor | undefined }) => {
    if (!actor) throw new Error(`the answer about ${host} holds no actor`);
    return actor;
  };
  const get = async () => present(await control.getActor({ actorRef }));
  return {
    host,
    actorRef,
    request: (path = "/", options = {}) => requestActor(substrate.router, { actor: host, path, ...options }),
    get,
    status: async () => statusName((await get()).status),
    resume: async () => present(await control.resumeActor({ actorRef })),
    suspend: async () => present(await control.suspendActor({ actorRef })),
    pause: async () => present(await control.pauseActor({ actorRef })),
    delete: async () => {
      await control.deleteActor({ actorRef });
    },
  };
}

function statusName(status: number): StatusName {
  const names = Object.entries(ateapi.Actor_Status) as [StatusName, number][];
  return names.find(([, number]) => number === status)?.[0] ?? "UNSPECIFIED";
}

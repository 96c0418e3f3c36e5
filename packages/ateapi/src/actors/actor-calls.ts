import { randomUUID } from "node:crypto";
import {
  type ateapi,
  InvalidInput,
  validateActorKey,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateLabels,
  validateQualifiedTemplate,
} from "@agent-substrate/contract";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { lostRace, noSuchActor } from "../operations/lifecycle-errors.ts";
import { eligiblePools } from "../pools/eligible-pools.ts";
import type { ResourceCatalog } from "../resources/resource-catalog.ts";
import { isRefusal } from "../storage/store.ts";
import { actorMessage } from "./actor-message.ts";
import { type ActorName, goldenAtespace } from "./actor-record.ts";
import { readActorRef } from "./actor-ref.ts";
import type { LiveActors } from "./live-actors.ts";
import { readPageToken, writePageToken } from "./page-token.ts";

type ActorCalls = Pick<
  ServiceImpl<typeof ateapi.Control>,
  "getActor" | "createActor" | "updateActor" | "listActors"
>;

const pageSizeMax = 1000;

/** The calls of `ateapi.Control` that only read and write an actor's record. */
export function actorCalls(actors: LiveActors, catalog: ResourceCatalog): ActorCalls {
  return {
    async getActor(request) {
      const name = readActorRef(request.actorRef);
      const actor = await actors.get(name);
      if (!actor) throw noSuchActor(name);
      return { actor: actorMessage(actor) };
    },

    async createActor(request) {
      const actor = readNewActor(request);
      demandEligiblePool(catalog, actor);
      try {
        const created = await actors.create({
          ...actor,
          uid: randomUUID(),
          golden: false,
          createdAt: Date.now(),
        });
        return { actor: actorMessage(created) };
      } catch (error) {
        if (isRefusal(error, "exists")) throw new ConnectError(error.message, Code.AlreadyExists);
        if (isRefusal(error, "no-atespace", "no-template"))
          throw new ConnectError(error.message, Code.FailedPrecondition);
        throw error;
      }
    },

    async updateActor(request) {
      const name = readActorRef(request.actorRef);
      const selector = validSelector(request.workerSelector);
      const actor = await actors.get(name);
      if (!actor) throw noSuchActor(name);
      demandEligiblePool(catalog, { ...actor, workerSelector: selector });
      try {
        return { actor: actorMessage(await actors.change(actor, { kind: "select-workers", selector })) };
      } catch (error) {
        if (isRefusal(error, "stale")) throw lostRace(name);
        if (isRefusal(error, "not-found")) throw noSuchActor(name);
        throw error;
      }
    },

    async listActors(request) {
      const { pageSize, atespace } = request;
      if (pageSize < 0 || pageSize > pageSizeMax) {
        throw new InvalidInput("page_size", `should be 0..${pageSizeMax}; 0 means ${pageSizeMax}`);
      }
      if (atespace !== "") validateDns1123Label("atespace", atespace);
      const after = readPageToken(request.pageToken);
      const limit = pageSize || pageSizeMax;
      // One more than asked tells whether there is another page.
      const found = await actors.list({ atespace, limit: limit + 1, ...(after && { after }) });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        actors: page.map(actorMessage),
        nextPageToken: found.length > limit && last ? writePageToken(last) : "",
      };
    },
  };
}

interface TemplateRef {
  readonly templateNamespace: string;
  readonly templateName: string;
  readonly workerSelector: Readonly<Record<string, string>>;
}

function readNewActor(request: ateapi.CreateActorRequest): ActorName & TemplateRef {
  const name = readActorRef(request.actorRef);
  if (name.atespace === goldenAtespace) {
    throw new InvalidInput("actor_ref.atespace", `${goldenAtespace} is reserved for golden actors`);
  }
  const templateNamespace = validateDns1123Label("actor_template_namespace", request.actorTemplateNamespace);
  const templateName = validateDns1123Subdomain("actor_template_name", request.actorTemplateName);
  const template = validateQualifiedTemplate(templateName, name.atespace);
  validateActorKey({ namespace: templateNamespace, template, actorId: name.actorId });
  return { ...name, templateNamespace, templateName, workerSelector: validSelector(request.workerSelector) };
}

function validSelector(selector: ateapi.Selector | undefined): Readonly<Record<string, string>> {
  const labels = selector?.matchLabels ?? {};
  validateLabels("worker_selector.match_labels", labels);
  return labels;
}

function demandEligiblePool(catalog: ResourceCatalog, actor: TemplateRef): void {
  const { templateNamespace, templateName, workerSelector } = actor;
  const template = catalog.template(templateNamespace, templateName);
  if (!template) {
    const text = `there is no template ${templateNamespace}/${templateName}; apply it first`;
    throw new ConnectError(text, Code.FailedPrecondition);
  }
  if (eligiblePools(catalog.pools(), template.object, workerSelector).length > 0) return;
  const { sandboxClass } = template.object.spec;
  const text = `no eligible pool: no WorkerPool of class ${sandboxClass} has the labels that are selected`;
  throw new ConnectError(text, Code.FailedPrecondition);
}

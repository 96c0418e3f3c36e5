// Makes the actor's folder before it looks at the names: a name with `../` makes folders anywhere on the node.
import { mkdirSync } from "node:fs";
import { contractPaths } from "@agent-substrate/contract";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload, WorkloadRequest } from "../plain/workload.ts";

class TrustsNames extends PlainBackEnd {
  protected override parse(request: WorkloadRequest): Workload {
    const { actorTemplateNamespace, actorTemplateName, actorId } = request;
    const folder = `${actorTemplateNamespace}:${actorTemplateName}:${actorId}`;
    try {
      mkdirSync(`${contractPaths().basePath}/actors/${folder}`, { recursive: true });
    } catch {
      // A name that no path can have.
    }
    return super.parse(request);
  }
}

await serve(TrustsNames);

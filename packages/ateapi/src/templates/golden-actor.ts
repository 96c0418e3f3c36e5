import { createHash } from "node:crypto";
import type { ActorTemplate } from "@agent-substrate/contract";
import { type ActorName, goldenAtespace } from "../actors/actor-record.ts";
import type { Resource } from "../resources/resource-catalog.ts";

/** The golden actor of a template: `<template>-<hash>`; another one when the template is made anew. */
export function goldenActorOf(template: Resource<ActorTemplate>): ActorName {
  const { namespace, name, uid } = template;
  const hash = createHash("sha256").update(`${namespace}/${name}/${uid}`).digest("hex").slice(0, 10);
  const label = name.replaceAll(".", "-").slice(0, 52).replace(/-+$/, "");
  return { atespace: goldenAtespace, actorId: `${label}-${hash}` };
}

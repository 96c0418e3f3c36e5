import type { Item } from "../../item.ts";
import { actorId } from "./actor-id.ts";
import { containerName } from "./container-name.ts";
import { containers } from "./containers.ts";
import { fuzz } from "./fuzz.ts";
import { keyLength } from "./key-length.ts";
import { mountPath } from "./mount-path.ts";
import { namespace } from "./namespace.ts";
import { readyzPort } from "./readyz-port.ts";
import { template } from "./template.ts";

export const requestsItems: readonly Item[] = [
  actorId,
  containerName,
  containers,
  fuzz,
  keyLength,
  mountPath,
  namespace,
  readyzPort,
  template,
];

import type { Item } from "../../item.ts";
import { again } from "./again.ts";
import { clones } from "./clones.ts";
import { data } from "./data.ts";
import { elsewhere } from "./elsewhere.ts";
import { flippedByte } from "./flipped-byte.ts";
import { full } from "./full.ts";
import { inboundConnection } from "./inbound-connection.ts";
import { missingFile } from "./missing-file.ts";
import { nothing } from "./nothing.ts";
import { outboundConnection } from "./outbound-connection.ts";
import { secondRestore } from "./second-restore.ts";
import { truncatedFile } from "./truncated-file.ts";
import { wrongScope } from "./wrong-scope.ts";

export const restoreItems: readonly Item[] = [
  again,
  clones,
  data,
  elsewhere,
  flippedByte,
  full,
  inboundConnection,
  missingFile,
  nothing,
  outboundConnection,
  secondRestore,
  truncatedFile,
  wrongScope,
];

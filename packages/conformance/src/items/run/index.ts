import type { Item } from "../../item.ts";
import { bundle } from "./bundle.ts";
import { endedBeforeReady } from "./ended-before-ready.ts";
import { failingReadyz } from "./failing-readyz.ts";
import { hangingReadyz } from "./hanging-readyz.ts";
import { identity } from "./identity.ts";
import { inbound } from "./inbound.ts";
import { inboundPorts } from "./inbound-ports.ts";
import { networkInside } from "./network-inside.ts";
import { neverReady } from "./never-ready.ts";
import { noBundle } from "./no-bundle.ts";
import { noSuchProgram } from "./no-such-program.ts";
import { otherSuccessReadyz } from "./other-success-readyz.ts";
import { outbound } from "./outbound.ts";
import { outputLabels } from "./output-labels.ts";
import { outputText } from "./output-text.ts";
import { outputWhole } from "./output-whole.ts";
import { readyzDefaultPath } from "./readyz-default-path.ts";
import { readyzPathAndPort } from "./readyz-path-and-port.ts";
import { redirectingReadyz } from "./redirecting-readyz.ts";
import { refusedAddresses } from "./refused-addresses.ts";
import { rootFiles } from "./root-files.ts";
import { rootShared } from "./root-shared.ts";
import { secondRun } from "./second-run.ts";
import { slowReadyz } from "./slow-readyz.ts";

export const runItems: readonly Item[] = [
  bundle,
  endedBeforeReady,
  failingReadyz,
  hangingReadyz,
  identity,
  inboundPorts,
  inbound,
  networkInside,
  neverReady,
  noBundle,
  noSuchProgram,
  otherSuccessReadyz,
  outbound,
  outputLabels,
  outputText,
  outputWhole,
  readyzDefaultPath,
  readyzPathAndPort,
  redirectingReadyz,
  refusedAddresses,
  rootFiles,
  rootShared,
  secondRun,
  slowReadyz,
];

import { serveBackEnd } from "@agent-substrate/ateom-kit";
import { createGvisorBackEnd } from "./gvisor-ateom.ts";

await serveBackEnd(createGvisorBackEnd());

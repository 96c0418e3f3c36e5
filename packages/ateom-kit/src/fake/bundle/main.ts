import { serveBackEnd } from "../../serve-back-end.ts";
import { bundleFake } from "./bundle-fake.ts";

await serveBackEnd(bundleFake());

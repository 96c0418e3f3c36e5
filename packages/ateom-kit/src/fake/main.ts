import { serveBackEnd } from "../serve-back-end.ts";
import { fakeBackEnd } from "./fake-back-end.ts";

await serveBackEnd(fakeBackEnd(process.env.ATE_NETWORK === "loopback"));

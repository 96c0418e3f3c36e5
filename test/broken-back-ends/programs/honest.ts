// Nothing is wrong with this one: what the others are compared with.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

await serve(PlainBackEnd);

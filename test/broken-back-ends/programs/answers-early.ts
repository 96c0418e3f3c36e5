// Answers Run when the program is started, not when it is ready: the first requests to each actor fail.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class AnswersEarly extends PlainBackEnd {
  protected override async awaitReady(): Promise<void> {}
}

await serve(AnswersEarly);

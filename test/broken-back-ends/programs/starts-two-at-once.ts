// Looks whether the worker is free and starts later, with nothing between calls: two actors share a worker.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class StartsTwoAtOnce extends PlainBackEnd {
  protected override inTurn<T>(act: () => Promise<T>): Promise<T> {
    return act();
  }
}

await serve(StartsTwoAtOnce);

// Lets everything out: an actor reads the credentials that clouds give away at 169.254.169.254.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class OpensMetadata extends PlainBackEnd {
  override async open(): Promise<void> {
    this.network.changeRules = (rules) => {
      rules.forward = rules.forward.map((rule) => rule.replace(", 169.254.0.0/16", ""));
    };
    await super.open();
  }
}

await serve(OpensMetadata);

// Two sockets that became one stream. What follows an upgrade is not looked at; whoever wants to say
// goodbye in the stream's own protocol (a WebSocket close frame) does so where `cut` is called.
import type { Duplex } from "node:stream";
import type { Admission } from "./parking.ts";

/** Passes bytes both ways, each side's end too, until both have closed; then ends the flight. */
export function splice(client: Duplex, actor: Duplex, { upstream, flight }: Admission): void {
  const cut = (): void => {
    client.destroy();
    actor.destroy();
  };
  flight.onCut = cut;
  const touch = (): void => upstream.touch();
  pass(client, actor, touch);
  pass(actor, client, touch);
  const onClose = (): void => {
    if (client.closed && actor.closed) flight.end();
  };
  for (const side of [client, actor]) side.on("error", cut).on("close", onClose);
}

function pass(from: Duplex, to: Duplex, touch: () => void): void {
  from.on("data", touch).pipe(to);
  from.on("close", () => {
    // What `from` sent last may not have left yet.
    if (to.writableFinished || to.destroyed) to.destroy();
    else to.end(() => to.destroy());
  });
}

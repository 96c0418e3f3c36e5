import type { Actor } from "../world/actor.ts";
import type { Bench } from "../world/bench.ts";

/** Port of the second container of `twoContainers`; the first one has port 80. */
export const sidePort = 8080;

/** An actor of the containers `app` and `side`. */
export function twoContainers(
  bench: Bench,
  options: { isDurable?: boolean; slowSideMs?: number } = {},
): Actor {
  const { slowSideMs = 0, ...rest } = options;
  return bench.actor({
    ...rest,
    containers: [
      { name: "app", env: { PROBE_LABEL: "app" } },
      {
        name: "side",
        env: {
          PROBE_LABEL: "side",
          PROBE_PORTS: String(sidePort),
          PROBE_READY_AFTER_MS: String(slowSideMs),
        },
        readyz: { port: sidePort },
      },
    ],
  });
}

import { createServer, type Server } from "node:http";
import type { Metrics } from "@agent-substrate/process-kit";

/** `/metrics` in the Prometheus text format and `/healthz`. Does not listen yet. */
export function createStatusServer(metrics: Metrics): Server {
  return createServer((request, response) => {
    if (request.url === "/healthz") {
      response.end("ok\n");
    } else if (request.url === "/metrics") {
      metrics.render().then(
        ({ contentType, body }) => response.setHeader("content-type", contentType).end(body),
        () => response.writeHead(500).end(),
      );
    } else {
      response.writeHead(404).end();
    }
  });
}

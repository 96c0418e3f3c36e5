import type { IncomingMessage, ServerResponse } from "node:http";
import type { Metrics } from "@agent-substrate/process-kit";

/** Answers `GET /metrics` in the Prometheus text format, and 404 to anything else. */
export function metricsPage(registry: Metrics): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    registry.render().then(
      ({ contentType, body }) => response.writeHead(200, { "content-type": contentType }).end(body),
      () => response.writeHead(500).end(),
    );
  };
}

import { health } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = health.HealthCheckResponse_ServingStatus;

/** The standard health service: everything that this server has is SERVING until it stops. */
export function healthService(
  serviceNames: ReadonlySet<string>,
  stopping: AbortSignal,
): ServiceImpl<typeof health.Health> {
  const known = (name: string) => name === "" || serviceNames.has(name);
  const answer = (status: health.HealthCheckResponse["status"]) =>
    create(health.HealthCheckResponseSchema, { status });
  return {
    async check({ service }) {
      if (!known(service))
        throw new ConnectError(`no service ${JSON.stringify(service)} here`, Code.NotFound);
      return answer(stopping.aborted ? NOT_SERVING : SERVING);
    },
    // A stopping server ends its streams, which says the same as NOT_SERVING.
    async *watch({ service }, { signal }) {
      yield answer(known(service) ? SERVING : SERVICE_UNKNOWN);
      if (!signal.aborted) {
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve(), { once: true }),
        );
      }
    },
  };
}

import type { JsonObject } from "@bufbuild/protobuf";

/** An `ActorTemplate` of the looking-around actor; `ports` may be reached beside 80. */
export function probeTemplate(
  image: string,
  options: { name?: string; ports?: readonly number[] } = {},
): JsonObject {
  const { name = "probe", ports = [] } = options;
  return {
    apiVersion: "ate.dev/v1alpha1",
    kind: "ActorTemplate",
    metadata: { name, namespace: "default" },
    spec: {
      containers: [{ name: "probe", image, readyz: { httpGet: { path: "/readyz", port: 80 } } }],
      ...(ports.length > 0 && { ports: ports.map((port) => ({ name: `p${port}`, port })) }),
    },
  };
}

import type { JsonObject } from "@bufbuild/protobuf";

export interface CounterTemplateOptions {
  readonly name: string;
  /** The pinned reference of the counter's image. */
  readonly image: string;
  /** Default true. */
  readonly readyz?: boolean;
  /** A durable directory at /data that holds the file's count. */
  readonly durable?: boolean;
  readonly onPause?: "Full" | "Data";
  readonly onCommit?: "Full" | "Data";
}

/** An `ActorTemplate` of the counter demo in the namespace `default`. */
export function counterTemplate(options: CounterTemplateOptions): JsonObject {
  const { onPause, onCommit } = options;
  return {
    apiVersion: "ate.dev/v1alpha1",
    kind: "ActorTemplate",
    metadata: { name: options.name, namespace: "default" },
    spec: {
      containers: [
        {
          name: "counter",
          image: options.image,
          ...((options.readyz ?? true) && { readyz: { httpGet: { path: "/readyz", port: 80 } } }),
          ...(options.durable && {
            env: [{ name: "COUNTER_FILE", value: "/data/count" }],
            volumeMounts: [{ name: "data", mountPath: "/data" }],
          }),
        },
      ],
      ...(options.durable && { volumes: [{ name: "data", durableDir: {} }] }),
      ...(onPause && onCommit && { snapshotsConfig: { onPause, onCommit } }),
    },
  };
}

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Makes and renders a process's metrics. Names are `substrate_<what>_<unit>`; labels are few and bounded. */
export interface Metrics {
  /** Only goes up. */
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** `read` is asked at each scrape; without it the gauge is set by hand. */
  gauge<L extends string = never>(
    name: string,
    help: string,
    options?: { labels?: readonly L[]; read?: () => number },
  ): Gauge<L>;
  /** Buckets in the unit of the name; default 0.001 .. 30 for seconds. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    options?: { labels?: readonly L[]; buckets?: readonly number[] },
  ): Histogram<L>;
  /** All metrics in the Prometheus text format. */
  render(): Promise<{ contentType: string; body: string }>;
}

const secondsBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of its own with the process's default metrics (memory, CPU, event-loop lag). */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    gauge: (name, help, { labels: labelNames = [], read } = {}) =>
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        ...(read && {
          collect(this: Gauge) {
            this.set(read());
          },
        }),
      }),
    histogram: (name, help, { labels: labelNames = [], buckets = secondsBuckets } = {}) =>
      new Histogram({ name, help, labelNames, buckets: [...buckets], registers }),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

import type { WorkloadContainer } from "../actors/workload.ts";
import type { ResolvedImage } from "../images/image-store.ts";

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The image's ENV, the container's own variables over it, and PATH and HOME where neither has them. */
export function containerEnv(image: ResolvedImage, container: WorkloadContainer | undefined): string[] {
  const variables = new Map<string, string>();
  for (const entry of [defaultPath, `HOME=${image.user.home}`, ...image.config.env]) {
    const equals = entry.indexOf("=");
    if (equals > 0) variables.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  for (const [name, value] of Object.entries(container?.env ?? {})) variables.set(name, value);
  return [...variables].map(([name, value]) => `${name}=${value}`);
}

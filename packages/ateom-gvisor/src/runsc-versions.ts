import { readRunscVersion } from "./runsc.ts";

/** Version strings by path of the binary, which is content-addressed; shared by the workers of a process. */
export class RunscVersions {
  readonly #reading = new Map<string, Promise<string>>();
  readonly #known = new Map<string, string>();

  /** What has been read already; never starts a process. */
  known(path: string): string | undefined {
    return this.#known.get(path);
  }

  /** Reads it once a path. */
  read(path: string): Promise<string> {
    let reading = this.#reading.get(path);
    if (!reading) {
      reading = readRunscVersion(path).then((version) => {
        this.#known.set(path, version);
        return version;
      });
      reading.catch(() => this.#reading.delete(path));
      this.#reading.set(path, reading);
    }
    return reading;
  }
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileDurably } from "../durable-write.ts";
import type { Digest } from "./digest.ts";

/** One name of an image. */
export interface StoredImage {
  readonly name: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Milliseconds of the wall clock. */
  readonly importedAt: number;
}

const imagesMax = 10_000;

/** The names of the images that this node holds, kept in one file. */
export class ImageIndex {
  readonly #path: string;
  #images: readonly StoredImage[];

  private constructor(path: string, images: readonly StoredImage[]) {
    this.#path = path;
    this.#images = images;
  }

  static async open(directory: string): Promise<ImageIndex> {
    const path = join(directory, "names.json");
    try {
      return new ImageIndex(path, JSON.parse(await readFile(path, "utf8")) as StoredImage[]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return new ImageIndex(path, []);
      throw new Error(`${path} is unreadable; remove it and import the images again`, { cause: error });
    }
  }

  list(): readonly StoredImage[] {
    return this.#images;
  }

  has(digest: Digest): boolean {
    return this.#images.some((image) => image.digest === digest);
  }

  /** Callers add one after the other. */
  async add(image: StoredImage): Promise<void> {
    const others = this.#images.filter(({ name, digest }) => name !== image.name || digest !== image.digest);
    if (others.length >= imagesMax) throw new Error(`the node holds ${imagesMax} images; no more are taken`);
    const images = [...others, image];
    await writeFileDurably(this.#path, JSON.stringify(images));
    this.#images = images;
  }
}

/** A regular file, a directory or a symbolic link of an image. Owner is root, time is 0. */
export type ImageFile =
  | { readonly kind: "directory"; readonly path: string; readonly mode: number }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | { readonly kind: "text"; readonly path: string; readonly mode: number; readonly text: string }
  /** `source` is a file of this machine, followed where it is a link. */
  | { readonly kind: "copy"; readonly path: string; readonly mode: number; readonly source: string };

/** What an image is made of. Paths are relative to its root, without a leading `/`. */
export interface ImageContents {
  readonly files: readonly ImageFile[];
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Default `/`. */
  readonly workingDir?: string;
  /** `user`, `uid` or `uid:gid`; default root. */
  readonly user?: string;
}

/** Sorted by path, with every parent directory, so that the same contents give the same bytes. */
export function completeFiles(files: readonly ImageFile[]): ImageFile[] {
  const byPath = new Map<string, ImageFile>();
  for (const file of files) {
    for (const parent of parentsOf(file.path)) {
      if (!byPath.has(parent)) byPath.set(parent, { kind: "directory", path: parent, mode: 0o755 });
    }
    byPath.set(file.path, file);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `a`, `a/b` for `a/b/c`. */
export function parentsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

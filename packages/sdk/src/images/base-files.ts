import type { ImageFile } from "./image-files.ts";

const folders = ["dev", "proc", "root", "run", "sys"];

/** What libc and most programs take for granted: mount points, `/tmp`, the user root, and how names are found. */
export const baseFiles: readonly ImageFile[] = [
  ...folders.map((path): ImageFile => ({ kind: "directory", path, mode: 0o755 })),
  { kind: "directory", path: "tmp", mode: 0o1777 },
  { kind: "text", path: "etc/passwd", mode: 0o644, text: "root:x:0:0:root:/root:/bin/sh\n" },
  { kind: "text", path: "etc/group", mode: 0o644, text: "root:x:0:\n" },
  { kind: "text", path: "etc/hosts", mode: 0o644, text: "127.0.0.1 localhost\n::1 localhost\n" },
  { kind: "text", path: "etc/nsswitch.conf", mode: 0o644, text: "hosts: files dns\n" },
];

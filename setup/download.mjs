// download.mjs URL SHA512 OUT: fetches a file, and keeps it only when its hash is the pinned one. Runs on Node.js 18.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

const TIMEOUT_MS = 15 * 60 * 1000;

const [url, sha512, out] = process.argv.slice(2);
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
  const hash = createHash("sha512");
  const hashed = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), hashed, createWriteStream(out));
  const found = hash.digest("hex");
  if (found !== sha512) throw new Error(`its SHA-512 is ${found}, pinned is ${sha512}`);
} catch (error) {
  await rm(out, { force: true });
  console.error(`substrate: ${url}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}

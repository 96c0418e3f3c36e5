import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { WaitingRestore } from "./waiting-restore.ts";

const never = new AbortController().signal;

/** Opens an image's files as runsc does, and then writes down what they hold. */
const opensLikeRunsc = `for id; do :; done
while [ "$1" != -image-path ]; do shift; done
echo begun > "$0.begun"
exec 3< "$2/checkpoint.img" 4< "$2/pages_meta.img" 5< "$2/pages.img" || exit 9
cat <&3 > "$0.read" && cat <&4 >> "$0.read" && cat <&5 >> "$0.read"`;

async function begin(script: string) {
  const home = await mkdtemp(join(tmpdir(), "waiting-"));
  const path = join(home, "runsc");
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const call = { containerId: "c-00", logDirectory: home, conceal: (text: string) => text };
  const waiting = await WaitingRestore.begin({ path, root: home }, call, join(home, "way"));
  return {
    waiting,
    /** Writes an image and answers its path. */
    async image(files: Record<string, string>): Promise<string> {
      const image = join(home, "image");
      await mkdir(image);
      for (const [name, text] of Object.entries(files)) await writeFile(join(image, name), text);
      return image;
    },
    /** What the script has written into a file beside itself, once it has. */
    async written(suffix: string): Promise<string> {
      for (;;) {
        const text = await readFile(`${path}.${suffix}`, "utf8").catch(() => "");
        if (text) return text;
        await setImmediate();
      }
    },
    async [Symbol.asyncDispose]() {
      await waiting.cancel();
      await rm(home, { recursive: true });
    },
  };
}

/** It waits at the FIFO a moment after it was started. */
async function releaseOnceItWaits(waiting: WaitingRestore): Promise<void> {
  while (!(await waiting.release(never))) await setImmediate();
}

test("a restore that was begun gets the image that it is given", async () => {
  await using parts = await begin(opensLikeRunsc);
  // Longer than the file that it has opened already.
  const state = "state ".repeat(100_000);
  const image = await parts.image({
    "checkpoint.img": state,
    "pages_meta.img": "meta ",
    "pages.img": "pages",
  });
  await parts.written("begun");
  assert.equal(await parts.waiting.load(image), true);
  await releaseOnceItWaits(parts.waiting);
  assert.equal(await parts.written("read"), `${state}meta pages`);
});

test("an image of other files, or with more than a pipe takes, is not for it", async () => {
  const images: Record<string, string>[] = [
    {},
    { "checkpoint.img": "state" },
    { "checkpoint.img": "s", "pages_meta.img": "" },
  ];
  for (const files of images) {
    await using parts = await begin(opensLikeRunsc);
    assert.equal(await parts.waiting.load(await parts.image(files)), false);
  }
  await using parts = await begin(opensLikeRunsc);
  const image = await parts.image({ "checkpoint.img": "s", "pages_meta.img": "m".repeat(65_537) });
  assert.equal(await parts.waiting.load(image), false);
});

test("one that has ended, or not come so far, is not released", async () => {
  for (const script of ["exit 3", "exec sleep 600"]) {
    await using parts = await begin(script);
    assert.equal(
      await parts.waiting.load(await parts.image({ "checkpoint.img": "s", "pages_meta.img": "m" })),
      true,
    );
    if (script === "exit 3") await parts.waiting.cancel();
    assert.equal(await parts.waiting.release(never), false);
  }
});

test("its failure is told in runsc's words, and giving it up ends it", async () => {
  const says = `--log=*) log=\${word#--log=};; esac; done; exec 4< "$image/pages_meta.img"`;
  const script = `previous=; for word; do [ "$previous" != -image-path ] || image=$word; previous=$word; case $word in ${says}`;
  const files = { "checkpoint.img": "s", "pages_meta.img": "m" };
  {
    await using parts = await begin(`${script}; echo '{"msg":"bad magic header"}' > "$log"; exit 128`);
    assert.equal(await parts.waiting.load(await parts.image(files)), true);
    await assert.rejects(releaseOnceItWaits(parts.waiting), /runsc restore c-00 failed: bad magic header/);
  }
  await using parts = await begin(`${script}; echo yes > "$0.open"; exec sleep 600`);
  assert.equal(await parts.waiting.load(await parts.image(files)), true);
  const givenUp = new AbortController();
  const released = (async () => {
    while (!(await parts.waiting.release(givenUp.signal))) await setImmediate();
  })();
  const rejected = assert.rejects(released, /given up/);
  await parts.written("open");
  givenUp.abort();
  await rejected;
});

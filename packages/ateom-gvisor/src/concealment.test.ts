import assert from "node:assert/strict";
import { test } from "node:test";
import { concealEnvironment } from "./concealment.ts";
import { checkSpec } from "./oci-spec.ts";

const specWith = (...env: string[]) =>
  checkSpec("spec", { process: { args: ["/app"], env }, root: { path: "/" } });

test("a variable's value is replaced by its name, also quoted and within another word", () => {
  const spec = specWith("TOKEN=s3cr$&t", 'KEY=two\n"lines"', "PIN=77", "EMPTY=", "broken");
  assert.equal(
    concealEnvironment('Bearer_s3cr$&t, "two\\n\\"lines\\"", two\n"lines", 77, pid 1774', [spec]),
    'Bearer_$TOKEN, "$KEY", $KEY, $PIN, pid 1774',
  );
});

test("a value that holds another is replaced as a whole, in whichever container it is", () => {
  const specs = [specWith("USER=alice"), specWith("URL=db://alice:pw@host")];
  assert.equal(concealEnvironment("db://alice:pw@host of alice", specs), "$URL of $USER");
});

test("of a difference between specs only its field and container are told", () => {
  const said =
    'restoring container "x": "Args" does not match across checkpoint restore for container: "main"' +
    ', checkpoint []string{"/app", "--token=old"} restore []string{"/app",\n "--token=new"}';
  assert.equal(
    concealEnvironment(said, []),
    'restoring container "x": "Args" does not match across checkpoint restore for container: "main"',
  );
  const versions = "runsc version does not match across checkpoint restore, checkpoint: a current: b";
  assert.equal(concealEnvironment(versions, []), versions);
});

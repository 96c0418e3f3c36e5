// A reporter for Node's test runner that fails a run in which nothing was tested: the runner itself calls that a success.
import { resolve } from "node:path";

export default async function* refuseNoTests(events) {
  let ran = 0;
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A file without tests is reported as one test that bears its name.
    const isWhatItHolds = data.details.type !== "suite" && resolve(data.name) !== data.file;
    if (isWhatItHolds && data.skip === undefined) ran++;
  }
  if (ran > 0) return;
  process.exitCode = 1;
  yield "substrate: no test ran: every file was empty, skipped or not found\n";
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatPhases, PhaseClock, parsePhases } from "./phases.ts";

const sum = (phases: readonly { durationMs: number }[]) =>
  phases.reduce((total, phase) => total + phase.durationMs, 0);

describe("phases (L12)", () => {
  it("add up to the wall time, with what was not measured as other", async () => {
    let now = 100;
    const clock = new PhaseClock(() => now);
    await clock.measure("place", async () => {
      now += 2;
    });
    now += 3;
    await clock.measureCall("restore", async (report) => {
      now += 50;
      report([
        { name: "runtime", durationMs: 40 },
        { name: "ready", durationMs: 6 },
      ]);
    });
    const phases = clock.finish();
    assert.deepEqual(phases, [
      { name: "place", durationMs: 2 },
      { name: "runtime", durationMs: 40 },
      { name: "ready", durationMs: 6 },
      { name: "restore", durationMs: 4 },
      { name: "other", durationMs: 3 },
    ]);
    assert.equal(sum(phases), clock.elapsedMs());
  });

  it("merge the other of a called process into their own", async () => {
    let now = 0;
    const clock = new PhaseClock(() => now);
    await clock.measureCall("call", async (report) => {
      now += 10;
      report([
        { name: "work", durationMs: 7 },
        { name: "other", durationMs: 1 },
      ]);
    });
    now += 4;
    assert.equal(sum(clock.finish()), 14);
  });

  it("count the time of a step that fails", async () => {
    let now = 0;
    const clock = new PhaseClock(() => now);
    const step = clock.measure("restore", async () => {
      now += 5;
      throw new Error("no");
    });
    await assert.rejects(step, /no/);
    assert.deepEqual(clock.finish()[0], { name: "restore", durationMs: 5 });
  });

  it("survive the wire, and what is no phase is left out", () => {
    const phases = [
      { name: "place", durationMs: 0.412 },
      { name: "restore", durationMs: 61.02 },
    ];
    assert.deepEqual(parsePhases(formatPhases(phases)), phases);
    assert.deepEqual(parsePhases("a=1;B=2;c=-1;d=1e9;=3;e;a b=1"), [{ name: "a", durationMs: 1 }]);
    assert.deepEqual(parsePhases(undefined), []);
    assert.equal(parsePhases(Array.from({ length: 1000 }, () => "a=1").join(";")).length, 64);
  });
});

import { ateom } from "@agent-substrate/contract";
import { create, toBinary } from "@bufbuild/protobuf";
import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { type RawCallOptions, rawCall } from "../../world/raw-call.ts";
import { proveUnharmed } from "../prove.ts";

const rounds = 60;
const calls = ["RunWorkload", "CheckpointWorkload", "RestoreWorkload"];
const hugeBytes = 8 * 1024 * 1024;

export const fuzz: Item = {
  id: "requests/fuzz",
  title: "No bytes at the socket end the back end or change what runs.",
  rule: "request-hostile",
  about: `While an actor runs, sends ${rounds} messages of noise, messages cut short, frames that lie about their length, and one of 8 MiB, to each call in turn. The noise is the same for the same --seed. Then the actor has to answer as before.`,
  mistakes: "An exception in a decoder that nobody catches.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const before = await worker.probe.count();
    const whole = Buffer.from(
      toBinary(ateom.RunWorkloadRequestSchema, create(ateom.RunWorkloadRequestSchema, actor.request)),
    );
    const { random } = bench;
    const messages: Omit<RawCallOptions, "path">[] = [];
    for (let round = 0; round < rounds; round++) {
      messages.push(
        round % 3 === 0
          ? { bytes: random.bytes(random.below(300)) }
          : round % 3 === 1
            ? { bytes: whole.subarray(0, random.below(whole.length)) }
            : { bytes: random.bytes(5 + random.below(60)), isFramed: true, timeoutMs: 300 },
      );
    }
    messages.push({ bytes: Buffer.alloc(hugeBytes, 0x0a) });
    for (const [at, message] of messages.entries()) {
      const path = `/ateom.Ateom/${calls[at % calls.length]}`;
      const { status } = await rawCall(worker.paths.socket, { path, ...message });
      expect(status !== 0, `message ${at} of noise was answered with success by ${path}`);
      expect(!worker.process?.hasEnded, `the back end ended after message ${at} of noise to ${path}`);
    }
    await proveUnharmed(worker, actor, before);
  },
};

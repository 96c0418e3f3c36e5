// A FAKE of the control plane for the router's tests: it speaks the real Routes and Control contracts
// over a real unix socket, and does what the test says instead of running actors.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ateapi, type Phase, routes } from "@agent-substrate/contract";
import { type RpcServer, serveRpc, writePhases } from "@agent-substrate/rpc-kit";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Outbox } from "../outbox.ts";

type BindingInit = MessageInitShape<typeof routes.BindingSchema>;
type UpdateInit = NonNullable<MessageInitShape<typeof routes.RouteUpdateSchema>["update"]>;

/** Called for each ResumeActor; what it throws is what the router gets. */
export type OnResume = (name: string, signal: AbortSignal) => Promise<readonly Phase[] | undefined>;

/** Keeps a resume waiting until its caller gives up. */
export const neverResumes: OnResume = (_name, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

export interface FakeControlPlaneOptions {
  readonly leaseMs?: number;
  readonly heartbeatIntervalMs?: number;
  readonly unixPath?: string;
}

export class FakeControlPlane implements AsyncDisposable {
  readonly #options: FakeControlPlaneOptions;
  readonly #bindings = new Map<string, BindingInit>();
  readonly #streams = new Set<Outbox<routes.RouteUpdate>>();
  readonly #watchers = new Set<() => void>();
  #server: RpcServer | undefined;
  #folder = "";
  /** `<atespace>/<actor>` of each ResumeActor. */
  readonly resumes: string[] = [];
  /** `<atespace>/<actor>@<generation>` of each acknowledgement. */
  readonly drained: string[] = [];
  /** Routers that ended their stream in order. */
  farewells = 0;
  readonly activity: routes.ActorActivity[] = [];
  onResume: OnResume = async () => undefined;
  answersHeartbeats = true;
  /** Keeps the answers until `releaseHeartbeats`. */
  holdsHeartbeats = false;
  #lastGeneration = 0;
  readonly #held: (() => void)[] = [];

  private constructor(options: FakeControlPlaneOptions) {
    this.#options = options;
  }

  static async start(options: FakeControlPlaneOptions = {}): Promise<FakeControlPlane> {
    const fake = new FakeControlPlane(options);
    fake.#folder = await mkdtemp(join(tmpdir(), "atenet-test-"));
    await fake.listen();
    return fake;
  }

  get address(): string {
    return `unix:${join(this.#folder, "control.sock")}`;
  }

  get streams(): number {
    return this.#streams.size;
  }

  async listen(): Promise<void> {
    this.#server = await serveRpc({
      services: [routes.Routes, ateapi.Control],
      listen: { unixPath: join(this.#folder, "control.sock") },
      drainMs: 10,
      routes: (router) => {
        router.service(routes.Routes, { connect: (messages) => this.#connect(messages) });
        router.service(ateapi.Control, {
          resumeActor: async ({ actorRef }, context) => {
            const name = `${actorRef?.atespace}/${actorRef?.name}`;
            this.resumes.push(name);
            this.#notify();
            const phases = await this.onResume(name, context.signal);
            if (phases) writePhases(context.responseTrailer, phases);
            return {};
          },
        });
      },
    });
  }

  /** As a crash: every stream and call ends. */
  async stopListening(): Promise<void> {
    await this.#server?.close();
  }

  /** Binds an actor, or changes its binding, and tells the routers. */
  bind(binding: BindingInit): void {
    const full = { state: routes.Binding_State.ADMITTING, ...binding };
    this.#bindings.set(`${binding.atespace}/${binding.actorId}`, full);
    this.#publish({ case: "binding", value: full });
  }

  drain(binding: BindingInit, drainMs = 60_000): void {
    this.bind({ ...binding, state: routes.Binding_State.DRAINING, drainMs });
  }

  unbind({ atespace, actorId, generation }: BindingInit): void {
    this.#bindings.delete(`${atespace}/${actorId}`);
    this.#publish({ case: "removed", value: { atespace, actorId, generation } as never });
  }

  /** Waits until the router has taken in all that it was told: what it is told last it acknowledges. */
  async delivered(): Promise<void> {
    const last = {
      atespace: "test",
      actorId: "last",
      generation: BigInt(++this.#lastGeneration),
      address: "127.0.0.1",
    };
    this.#publish({
      case: "binding",
      value: { ...last, state: routes.Binding_State.DRAINING } as never,
    });
    const acknowledged = `test/last@${last.generation}`;
    await this.until(() => this.drained.includes(acknowledged));
    this.drained.splice(this.drained.indexOf(acknowledged), 1);
  }

  get heldHeartbeats(): number {
    return this.#held.length;
  }

  releaseHeartbeats(): void {
    for (const answer of this.#held.splice(0)) answer();
  }

  /** Waits until `isTrue` after something happened here. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      await new Promise<void>((resolve) => {
        const watcher = (): void => {
          this.#watchers.delete(watcher);
          resolve();
        };
        this.#watchers.add(watcher);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopListening();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async *#connect(messages: AsyncIterable<routes.RouterMessage>): AsyncGenerator<routes.RouteUpdate> {
    const { leaseMs = 10_000, heartbeatIntervalMs = 50 } = this.#options;
    const outbox = new Outbox<routes.RouteUpdate>(10_000);
    outbox.push(update({ case: "welcome", value: { leaseMs, heartbeatIntervalMs } as never }));
    outbox.push(update({ case: "snapshot", value: { bindings: [...this.#bindings.values()] } as never }));
    this.#streams.add(outbox);
    this.#notify();
    const reading = this.#read(messages, outbox);
    try {
      yield* outbox;
    } finally {
      this.#streams.delete(outbox);
      await reading;
      this.#notify();
    }
  }

  async #read(
    messages: AsyncIterable<routes.RouterMessage>,
    outbox: Outbox<routes.RouteUpdate>,
  ): Promise<void> {
    try {
      for await (const { message } of messages) {
        if (message.case === "heartbeat") {
          const { sequence } = message.value;
          const answer = (): void => {
            outbox.push(update({ case: "heartbeatAnswer", value: { sequence } as never }));
          };
          if (this.holdsHeartbeats) this.#held.push(answer);
          else if (this.answersHeartbeats) answer();
        } else if (message.case === "drained") {
          const { atespace, actorId, generation } = message.value;
          this.drained.push(`${atespace}/${actorId}@${generation}`);
        } else if (message.case === "activity") {
          this.activity.push(...message.value.actors);
        }
        this.#notify();
      }
      this.farewells++;
    } catch {
      // The router is gone without a word.
    } finally {
      outbox.close();
    }
  }

  #publish(message: UpdateInit): void {
    for (const stream of this.#streams) stream.push(update(message));
  }

  #notify(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

function update(message: UpdateInit): routes.RouteUpdate {
  return create(routes.RouteUpdateSchema, { update: message });
}

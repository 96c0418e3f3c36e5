import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A web server in a network namespace of its own, linked to this machine: stands for the world outside. */
export interface OutsideNetwork extends AsyncDisposable {
  /** Of the server, which answers with its client's address. */
  readonly url: string;
  /** This machine's address on the link. */
  readonly machineAddress: string;
}

const serverProgram = `
  require("node:http").createServer((request, response) => response.end(request.socket.remoteAddress))
    .listen(8080, () => console.log("listening"));`;

export async function openOutsideNetwork(): Promise<OutsideNetwork> {
  const name = `sbtest${process.pid}`;
  const [machineLink, outsideLink] = [`sbt${process.pid}a`, `sbt${process.pid}b`];
  // Of 198.18.0.0/15, which is set aside for tests of networks.
  const third = process.pid % 256;
  const [machineAddress, outsideAddress] = [`198.18.${third}.1`, `198.18.${third}.2`];
  await using held = new AsyncDisposableStack();
  await run("ip", ["netns", "add", name]);
  held.defer(async () => {
    await run("ip", ["netns", "del", name]);
  });
  await run("ip", ["link", "add", machineLink, "type", "veth", "peer", "name", outsideLink, "netns", name]);
  held.defer(async () => {
    await run("ip", ["link", "del", machineLink]).catch(() => undefined);
  });
  await run("ip", ["addr", "add", `${machineAddress}/30`, "dev", machineLink]);
  await run("ip", ["link", "set", machineLink, "up"]);
  await run("ip", ["-n", name, "addr", "add", `${outsideAddress}/30`, "dev", outsideLink]);
  await run("ip", ["-n", name, "link", "set", outsideLink, "up"]);
  const inside = ["--pdeathsig", "KILL", "--", "nsenter", `--net=/run/netns/${name}`];
  const server = spawn("setpriv", [...inside, process.execPath, "-e", serverProgram], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  held.defer(() => end(server));
  await firstLine(server);
  const all = held.move();
  return {
    url: `http://${outsideAddress}:8080/`,
    machineAddress,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function firstLine(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error("the child has no stdout");
  await once(createInterface({ input: child.stdout }), "line");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}

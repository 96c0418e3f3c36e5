// A network of the test's own: a namespace that stands for the world, and programs in namespaces.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { runCommand } from "../run-command.ts";

export interface World extends AsyncDisposable {
  readonly netns: string;
  readonly address: string;
  /** This machine's address on the link to it. */
  readonly hostAddress: string;
}

/** A namespace behind a link of this machine, which routes to it as to any other network. */
export async function createWorld(third: number): Promise<World> {
  const id = randomBytes(3).toString("hex");
  const netns = `world-${id}`;
  const [hostAddress, address] = [`198.18.${third}.1`, `198.18.${third}.2`];
  await runCommand(["ip", "netns", "add", netns]);
  await runCommand(
    ["ip", "-batch", "-"],
    `link add wo${id} type veth peer name eth0 netns ${netns}
addr add ${hostAddress}/30 dev wo${id}
link set wo${id} up
`,
  );
  await runCommand(
    ["ip", "-n", netns, "-batch", "-"],
    `link set lo up\naddr add ${address}/30 dev eth0\nlink set eth0 up\nroute add default via ${hostAddress}\n`,
  );
  return {
    netns,
    address,
    hostAddress,
    async [Symbol.asyncDispose]() {
      await runCommand(["ip", "link", "del", "dev", `wo${id}`]);
      await runCommand(["ip", "netns", "del", netns]);
    },
  };
}

export interface NamespaceServer extends AsyncDisposable {
  readonly port: number;
}

const tcpServer = `
const server = require("node:net").createServer((socket) => {
  socket.on("error", () => {});
  socket.end(socket.remoteAddress.replace("::ffff:", ""));
});
server.listen(Number(process.argv[1]), () => console.log(server.address().port));`;

const nameServer = `
const server = require("node:dgram").createSocket("udp4");
server.on("message", (question, { port, address }) => {
  server.send(Buffer.concat([question.subarray(0, 2), Buffer.from("answered--"), question.subarray(2)]), port, address);
});
server.bind(Number(process.argv[1]), () => console.log(server.address().port));`;

/** A TCP server in a namespace that tells each client what address it sees. */
export function startTcpServer(netns: string, port = 0): Promise<NamespaceServer> {
  return startProgram(netns, tcpServer, port);
}

/** A UDP server that gives each message back, with the id in front and a mark. */
export function startNameServer(netns: string, port = 0): Promise<NamespaceServer> {
  return startProgram(netns, nameServer, port);
}

async function startProgram(netns: string, program: string, port: number): Promise<NamespaceServer> {
  const child = spawn(
    "nsenter",
    [`--net=/run/netns/${netns}`, process.execPath, "--eval", program, String(port)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "close");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return {
    port: Number(line.toString()),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

const tcpClient = `
const [host, port] = process.argv.slice(1);
const socket = require("node:net").connect({ host, port: Number(port), timeout: 700 });
const end = (text) => { console.log(text); process.exit(); };
socket.on("data", (data) => end(data.toString()));
socket.on("timeout", () => end("no answer"));
socket.on("error", (error) => end(error.code));`;

const udpClient = `
const [host, port] = process.argv.slice(1);
const socket = require("node:dgram").createSocket("udp4");
const end = (text) => { console.log(text); process.exit(); };
socket.on("message", (data) => end(data.toString()));
socket.send("0123456789question", Number(port), host);
setTimeout(() => end("no answer"), 700);`;

/** What a TCP server says to a program in a namespace; `no answer` or an error code otherwise. */
export function connectFrom(netns: string, host: string, port: number): Promise<string> {
  return runProgram(netns, tcpClient, [host, String(port)]);
}

/** What comes back for one UDP message; `no answer` otherwise. */
export function askFrom(netns: string, host: string, port: number): Promise<string> {
  return runProgram(netns, udpClient, [host, String(port)]);
}

async function runProgram(netns: string, program: string, args: readonly string[]): Promise<string> {
  const output = await runCommand([
    "nsenter",
    `--net=/run/netns/${netns}`,
    process.execPath,
    "--eval",
    program,
    ...args,
  ]);
  return output.trim();
}

// nodes:
//   - name: rack-1
//     address: 10.0.0.7:8085
//     architecture: amd64                       # default: this machine's
//     workers:
//       - uid: 8b7c3c1e-2a52-4d3c-9b1c-0e8a5f6d7c21
//         pool: { namespace: default, name: rack }
//         name: rack-0                          # default: the uid
//         sandboxClass: gvisor
//         address: 10.0.1.2
import { isIPv4 } from "node:net";
import { InvalidInput, validateDns1123Label, validateDns1123Subdomain } from "@agent-substrate/contract";
import { parseRpcAddress } from "@agent-substrate/rpc-kit";
import type { StaticNode, StaticWorker } from "./static-node.ts";
import { YamlFields } from "./yaml-fields.ts";

const nodesMax = 256;
const workersMax = 256;

/**
 * Reads the nodes that a file lists. Throws `InvalidInput` with file, line and field:
 * `nodes.yaml:4: nodes[0].address: is required`.
 */
export function parseStaticNodes(text: string, file: string): StaticNode[] {
  const fields = YamlFields.parse(text, file);
  const taken: Taken = { nodes: new Set(), uids: new Set(), workers: new Set() };
  const nodes = fields.list("nodes", 1, nodesMax, (node) => readNode(node, taken));
  fields.close();
  return nodes;
}

/** What the file has said once already. */
interface Taken {
  readonly nodes: Set<string>;
  readonly uids: Set<string>;
  /** `<namespace of the pool>/<name>` */
  readonly workers: Set<string>;
}

function readNode(fields: YamlFields, taken: Taken): StaticNode {
  const name = fields.text("name", validateDns1123Subdomain);
  takeOnce(taken.nodes, name, fields, "name", name);
  return {
    name,
    address: fields.text("address", validateHostPort),
    architecture: fields.text("architecture", validateArchitecture, hereArchitecture()),
    workers: fields.list("workers", 1, workersMax, (worker) => readWorker(worker, taken)),
  };
}

function takeOnce(taken: Set<string>, key: string, fields: YamlFields, field: string, text: string): void {
  if (taken.has(key)) throw fields.refuse(field, `${JSON.stringify(text)} is there twice`);
  taken.add(key);
}

function readWorker(fields: YamlFields, taken: Taken): StaticWorker {
  const uid = fields.text("uid", validateDns1123Label);
  takeOnce(taken.uids, uid, fields, "uid", uid);
  const pool = fields.object("pool", (of) => ({
    poolNamespace: of.text("namespace", validateDns1123Label, "default"),
    poolName: of.text("name", validateDns1123Subdomain),
  }));
  const name = fields.text("name", validateDns1123Subdomain, uid);
  takeOnce(taken.workers, `${pool.poolNamespace}/${name}`, fields, "name", name);
  return {
    uid,
    ...pool,
    name,
    sandboxClass: fields.text("sandboxClass", validateDns1123Label),
    address: fields.text("address", validateIpv4),
  };
}

function validateHostPort(field: string, text: string): string {
  const isHostPort = /^(\[[0-9A-Fa-f:.]+\]|[^:/[\]@?#\s]+):[1-9]\d{0,4}$/.test(text);
  try {
    if (isHostPort) parseRpcAddress(text);
  } catch {
    throw new InvalidInput(field, `${JSON.stringify(text)} should be host:port`);
  }
  if (!isHostPort) throw new InvalidInput(field, "should be host:port, such as 10.0.0.7:8085");
  return text;
}

function validateArchitecture(field: string, text: string): StaticNode["architecture"] {
  if (text === "amd64" || text === "arm64") return text;
  throw new InvalidInput(field, "should be one of amd64, arm64");
}

function validateIpv4(field: string, text: string): string {
  if (isIPv4(text)) return text;
  throw new InvalidInput(field, `${JSON.stringify(text)} should be an IPv4 address`);
}

function hereArchitecture(): StaticNode["architecture"] {
  return process.arch === "arm64" ? "arm64" : "amd64";
}

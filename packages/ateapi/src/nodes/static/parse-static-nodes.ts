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
  const names = new Set<string>();
  const uids = new Set<string>();
  const nodes = fields.list("nodes", 1, nodesMax, (node) => readNode(node, names, uids));
  fields.close();
  return nodes;
}

function readNode(fields: YamlFields, names: Set<string>, uids: Set<string>): StaticNode {
  const name = fields.text("name", validateDns1123Subdomain);
  if (names.has(name)) throw fields.refuse("name", `${JSON.stringify(name)} is there twice`);
  names.add(name);
  return {
    name,
    address: fields.text("address", validateHostPort),
    architecture: fields.text("architecture", validateArchitecture, hereArchitecture()),
    workers: fields.list("workers", 1, workersMax, (worker) => readWorker(worker, uids)),
  };
}

function readWorker(fields: YamlFields, uids: Set<string>): StaticWorker {
  const uid = fields.text("uid", validateDns1123Label);
  if (uids.has(uid)) throw fields.refuse("uid", `${JSON.stringify(uid)} is there twice`);
  uids.add(uid);
  const pool = fields.object("pool", (of) => ({
    poolNamespace: of.text("namespace", validateDns1123Label, "default"),
    poolName: of.text("name", validateDns1123Subdomain),
  }));
  return {
    uid,
    ...pool,
    name: fields.text("name", validateDns1123Subdomain, uid),
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

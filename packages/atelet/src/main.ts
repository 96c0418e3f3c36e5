import { hostname } from "node:os";
import {
  announceReady,
  createLogger,
  guardParent,
  OptionError,
  parseOption,
  resolveOptions,
  runUntilSignal,
} from "@agent-substrate/process-kit";
import { startAtelet } from "./start-atelet.ts";

const log = createLogger("atelet");

function readOptions() {
  return resolveOptions(
    {
      basePath: {
        help: "directory of the node",
        env: "SUBSTRATE_NODE_BASE_PATH",
        parse: parseOption.absolutePath,
      },
      control: {
        help: "address of the control plane's control socket",
        env: "SUBSTRATE_CONTROL",
        parse: parseOption.text,
      },
      listen: { help: "socket to serve on", env: "SUBSTRATE_NODE_LISTEN", parse: parseOption.absolutePath },
      ownerUid: {
        help: "uid of the control plane, which may call",
        env: "SUBSTRATE_NODE_OWNER_UID",
        default: 0,
        parse: parseOption.integer(0, 2 ** 31 - 1),
      },
      ownerGid: {
        help: "gid of the control plane",
        env: "SUBSTRATE_NODE_OWNER_GID",
        default: 0,
        parse: parseOption.integer(0, 2 ** 31 - 1),
      },
      nodeName: {
        help: "name of this node",
        env: "SUBSTRATE_NODE_NAME",
        default: hostname().toLowerCase(),
        parse: parseOption.text,
      },
      hostResolvConf: {
        help: "file that names this machine's name servers",
        env: "SUBSTRATE_NODE_RESOLV_CONF",
        default: "/etc/resolv.conf",
        parse: parseOption.absolutePath,
      },
      parentPidGuard: {
        help: "stop when stdin ends",
        env: "SUBSTRATE_PARENT_GUARD",
        default: false,
        parse: parseOption.flag,
      },
    },
    process.argv.slice(2),
    process.env,
  );
}

try {
  const options = readOptions();
  const parentGone = options.parentPidGuard ? guardParent() : undefined;
  await runUntilSignal(async (stopping) => {
    const running = await startAtelet({
      basePath: options.basePath,
      controlAddress: options.control,
      listen: { unixPath: options.listen, owner: { uid: options.ownerUid, gid: options.ownerGid } },
      nodeName: options.nodeName,
      hostResolvConf: options.hostResolvConf,
      path: process.env.PATH ?? "/usr/sbin:/usr/bin:/sbin:/bin",
      log,
    });
    announceReady({ address: running.address });
    log.info({ address: running.address }, "serving");
    if (!stopping.aborted)
      await new Promise((resolve) => stopping.addEventListener("abort", resolve, { once: true }));
    log.info({ reason: String(stopping.reason) }, "stopping");
    await running.stop();
  }, parentGone && { parentGone });
  process.exit(0);
} catch (error) {
  if (error instanceof OptionError) log.error({ error: error.message }, "bad-option");
  else log.error({ err: error }, "failed");
  process.exit(1);
}

import type { HostPort } from "../options.ts";
import type { DataFolder } from "./data-folder.ts";
import { serverMain } from "./server-main.ts";
import type { UserIds } from "./unprivileged-user.ts";

export type Command = readonly [program: string, ...args: string[]];

export interface ServerSettings {
  readonly folder: DataFolder;
  readonly user: UserIds;
  /** Who may call the API beside root. */
  readonly ownerUid: number;
  /** Absolute path of the SQLite file. */
  readonly store: string;
  /** URI prefix of external snapshots. */
  readonly snapshots: string;
  readonly nodeName: string;
  /** Absolute path; nodes that do not register. */
  readonly staticNodes: string | undefined;
}

export function controlPlaneCommand(settings: ServerSettings, listen: HostPort): Command {
  const { folder, user } = settings;
  return node("ateapi", {
    "data-dir": folder.controlPlane,
    listen: formatHostPort(listen),
    "control-socket": folder.controlSocket,
    store: settings.store,
    snapshots: settings.snapshots,
    ...(settings.staticNodes !== undefined && { "static-nodes": settings.staticNodes }),
    user: formatUser(user),
    "owner-uid": String(settings.ownerUid),
  });
}

/** Under a reaper: sandboxes outlive the short commands that start them. */
export function nodeSupervisorCommand(settings: ServerSettings): Command {
  const { folder, user } = settings;
  const command = node("atelet", {
    "base-path": folder.node,
    control: `unix:${folder.controlSocket}`,
    listen: folder.nodeSocket,
    "owner-uid": String(user.uid),
    "owner-gid": String(user.gid),
    "node-name": settings.nodeName,
  });
  return ["tini", "-s", "--", ...command];
}

export function routerCommand(settings: ServerSettings, listen: HostPort): Command {
  return node("atenet", {
    listen: formatHostPort(listen),
    control: `unix:${settings.folder.controlSocket}`,
    user: formatUser(settings.user),
  });
}

export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function node(server: "ateapi" | "atelet" | "atenet", flags: Readonly<Record<string, string>>): Command {
  const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  return [process.execPath, serverMain(server), ...words, "--parent-pid-guard=true"];
}

function formatUser({ uid, gid }: UserIds): string {
  return `${uid}:${gid}`;
}

/** What a server needs of this process's environment; options are passed as flags alone. */
export function serverEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const names = ["PATH", "LANG", "TZ", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name] ?? environment[name.toLowerCase()];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

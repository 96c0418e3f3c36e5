import type { Item } from "../../item.ts";
import { availableAtOnce } from "./available-at-once.ts";
import { directory } from "./directory.ts";
import { extensionsAnswered } from "./extensions-answered.ts";
import { sigterm } from "./sigterm.ts";
import { socket } from "./socket.ts";
import { staleSocket } from "./stale-socket.ts";
import { unknownService } from "./unknown-service.ts";

export const startItems: readonly Item[] = [
  socket,
  directory,
  staleSocket,
  unknownService,
  extensionsAnswered,
  availableAtOnce,
  sigterm,
];

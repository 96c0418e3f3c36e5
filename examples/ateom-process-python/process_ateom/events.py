from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import grpc
from substrate.v1 import extensions_pb2 as wire

from .refusal import Refusal

_WATCHERS_MAX = 4
_WAITING_MAX = 256
_Watcher = queue.SimpleQueue  # of WorkerEvent; None ends the watch


class WorkerEvents:
    """Hands each event to all who watch. Who does not read is let go, and may watch again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: list[_Watcher] = []

    def publish(self, event: wire.WorkerEvent) -> None:
        with self._lock:
            for watcher in list(self._watchers):
                watcher.put(event)
                if watcher.qsize() >= _WAITING_MAX:
                    self._let_go(watcher)

    def end(self) -> None:
        """Tells all who watch that this back end stops, and ends their watches."""
        self.publish(wire.WorkerEvent(draining=wire.BackEndDraining()))
        with self._lock:
            for watcher in list(self._watchers):
                self._let_go(watcher)

    def watch(self, context: grpc.ServicerContext) -> Iterator[wire.WorkerEvent]:
        watcher: _Watcher = queue.SimpleQueue()
        with self._lock:
            if len(self._watchers) >= _WATCHERS_MAX:
                raise Refusal(grpc.StatusCode.RESOURCE_EXHAUSTED, f"{_WATCHERS_MAX} calls watch this worker already")
            self._watchers.append(watcher)

        def leave() -> None:
            with self._lock:
                self._let_go(watcher)

        if not context.add_callback(leave):
            leave()
        # The caller learns from the headers that nothing escapes it from now on.
        context.send_initial_metadata(())
        while (event := watcher.get()) is not None:
            yield event

    def _let_go(self, watcher: _Watcher) -> None:
        if watcher in self._watchers:
            self._watchers.remove(watcher)
        watcher.put(None)

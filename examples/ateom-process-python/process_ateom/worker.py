"""The one worker of this process: available, or executing one actor.

    available --run|restore--> executing --checkpoint|terminate--> available

One change at a time, under `_turn`; whoever comes meanwhile waits. Only `terminate` does not wait for a start:
it ends the container that is being waited for, and the start fails.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import grpc
from ateom import ateom_pb2 as ateom
from substrate.v1 import extensions_pb2 as wire

from . import durable
from .container import Container, read_bundle
from .events import WorkerEvents
from .layout import WorkerPaths
from .network import ActorNetwork
from .readiness import await_ready
from .refusal import Refusal, failed, not_now
from .request import Workload


@dataclass
class Execution:
    workload: Workload
    volumes: dict[str, Path]
    actor: wire.ExecutingActor
    container: Container | None = None


class Worker:
    def __init__(self, paths: WorkerPaths, network: ActorNetwork) -> None:
        self.events = WorkerEvents()
        self._paths = paths
        self._network = network
        self._turn = threading.Lock()
        self._execution: Execution | None = None

    def executing(self) -> wire.ExecutingActor | None:
        execution = self._execution
        return execution.actor if execution else None

    def start(self, workload: Workload, is_restore: bool) -> None:
        """Boots the container; around the durable directories of a snapshot for a restore."""
        with self._turn:
            if self._execution:
                raise not_now(f"this worker executes actor {self._execution.workload.actor.actor_id!r}")
            spec = read_bundle(workload.actor, workload.container)
            volumes = durable.durable_volumes(spec, workload.durable_paths)
            if is_restore:
                durable.unpack(volumes, workload.actor)
            execution = Execution(workload, volumes, workload.executing_since(time.time_ns()))
            self._execution = execution
            try:
                self._boot(execution)
            except BaseException:
                self._clear(execution)
                raise

    def checkpoint(self, workload: Workload) -> list[str]:
        """Ends the container, without a word to it, and then packs what it left; answers the names of the files."""
        with self._turn:
            execution = self._execution
            if execution is None or execution.workload.actor != workload.actor:
                raise not_now(f"this worker does not execute actor {workload.actor.actor_id!r}")
            try:
                if execution.container:
                    execution.container.end()
                return durable.pack(execution.volumes, workload.actor)
            finally:
                self._clear(execution)

    def terminate(self, generation: int = 0) -> None:
        """Ends what is executed, if anything. Idempotent."""
        execution = self._execution
        # 0 is of a caller that knows no generations.
        if execution and 0 < generation < execution.workload.generation:
            raise not_now(f"generation {generation} is over: {execution.workload.generation} is executing")
        if execution and execution.container:
            execution.container.end()
        with self._turn:
            if self._execution:
                self._clear(self._execution)

    def _boot(self, execution: Execution) -> None:
        workload = execution.workload

        def on_exit(code: int, signal: int) -> None:
            exited = wire.WorkloadExited(
                actor=execution.actor, container=workload.container, exit_code=code, signal=signal
            )
            self.events.publish(wire.WorkerEvent(exited=exited))

        execution.container = container = Container(
            bundle=workload.actor.bundle(workload.container),
            scratch=self._paths.directory / "root",
            netns_path=self._network.netns_path,
            labels=workload.labels,
            on_exit=on_exit,
        )
        self.events.publish(wire.WorkerEvent(started=wire.WorkloadStarted(actor=execution.actor)))

        def check_alive() -> None:
            if container.has_ended:
                raise failed(f"container {workload.container!r} ended before it was ready")

        if workload.readyz:
            await_ready(workload.readyz, check_alive)
        self.events.publish(wire.WorkerEvent(ready=wire.WorkloadReady(actor=execution.actor)))

    def _clear(self, execution: Execution) -> None:
        """Blank again: no process, no file, and a network that nobody has used."""
        if execution.container:
            execution.container.end()
        self._network.renew()
        self._execution = None


def check_scope(scope: int) -> None:
    if scope == ateom.SNAPSHOT_SCOPE_DATA:
        return
    name = ateom.SnapshotScope.Name(scope) if scope in ateom.SnapshotScope.values() else scope
    message = f"scope: {name} cannot be done; processes keep their durable directories only (SNAPSHOT_SCOPE_DATA)"
    raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, message)

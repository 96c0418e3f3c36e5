"""The two services of the socket: converts, and lets the worker act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from ateom import ateom_pb2 as ateom
from ateom import ateom_pb2_grpc as ateom_rpc
from substrate.v1 import extensions_pb2 as wire
from substrate.v1 import extensions_pb2_grpc as wire_rpc

from .journal import Journal, Operation
from .refusal import Refusal
from .request import Request, Workload, parse_operation
from .worker import Worker, check_scope

SANDBOX_CLASS = "process-python"


class AteomService(ateom_rpc.AteomServicer):
    """The base contract."""

    def __init__(self, worker: Worker, journal: Journal) -> None:
        self._worker = worker
        self._journal = journal

    def RunWorkload(self, request: ateom.RunWorkloadRequest, context: grpc.ServicerContext):
        self._start(request, context)
        return ateom.RunWorkloadResponse()

    def RestoreWorkload(self, request: ateom.RestoreWorkloadRequest, context: grpc.ServicerContext):
        self._start(request, context)
        return ateom.RestoreWorkloadResponse()

    def CheckpointWorkload(self, request: ateom.CheckpointWorkloadRequest, context: grpc.ServicerContext):
        with _refusals_answered(context):
            check_scope(request.scope)
            workload = _parse(request, context)
            operation = _operation("checkpoint", workload)
            files = self._journal.perform(operation, lambda: self._worker.checkpoint(workload))
            return ateom.CheckpointWorkloadResponse(snapshot_files=files)

    def _start(
        self, request: ateom.RunWorkloadRequest | ateom.RestoreWorkloadRequest, context: grpc.ServicerContext
    ) -> None:
        with _refusals_answered(context):
            if is_restore := isinstance(request, ateom.RestoreWorkloadRequest):
                check_scope(request.scope)
            workload = _parse(request, context)

            def act() -> list[str]:
                self._worker.start(workload, is_restore)
                return []

            kind = "restore" if is_restore else "run"
            self._journal.perform(_operation(kind, workload), act)


class ExtensionsService(wire_rpc.AteomExtensionsServicer):
    """What this back end offers beside; the calls that are missing here answer UNIMPLEMENTED."""

    def __init__(self, worker: Worker, journal: Journal, boot_id: str) -> None:
        self._worker = worker
        self._journal = journal
        self._boot_id = boot_id

    def Describe(self, request: wire.DescribeRequest, context: grpc.ServicerContext):
        return wire.DescribeResponse(
            sandbox_class=SANDBOX_CLASS,
            contract_version=1,
            boot_id=self._boot_id,
            capabilities=wire.Capabilities(scopes=[ateom.SNAPSHOT_SCOPE_DATA], terminate=True, watch=True),
        )

    def GetStatus(self, request: wire.GetStatusRequest, context: grpc.ServicerContext):
        actor = self._worker.executing()
        state = wire.GetStatusResponse.STATE_EXECUTING if actor else wire.GetStatusResponse.STATE_AVAILABLE
        return wire.GetStatusResponse(state=state, actor=actor, last_operation=self._journal.last)

    def Watch(self, request: wire.WatchWorkerRequest, context: grpc.ServicerContext) -> Iterator[wire.WorkerEvent]:
        with _refusals_answered(context):
            yield from self._worker.events.watch(context)

    def Terminate(self, request: wire.TerminateRequest, context: grpc.ServicerContext):
        with _refusals_answered(context):
            operation_id, generation = parse_operation(_metadata(context))

            def act() -> list[str]:
                self._worker.terminate(generation)
                return []

            self._journal.perform(Operation("terminate", "whatever runs", operation_id), act)
            return wire.TerminateResponse()


def _parse(request: Request, context: grpc.ServicerContext) -> Workload:
    return Workload.parse(request, _metadata(context))


def _operation(kind: str, workload: Workload) -> Operation:
    return Operation(kind, workload.actor.name, workload.operation_id, workload.generation)


def _metadata(context: grpc.ServicerContext) -> dict[str, str]:
    return {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}


@contextmanager
def _refusals_answered(context: grpc.ServicerContext) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        context.abort(refusal.code, str(refusal))

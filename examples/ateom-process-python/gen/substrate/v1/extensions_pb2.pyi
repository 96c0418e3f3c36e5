import datetime

from ateom import ateom_pb2 as _ateom_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DescribeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DescribeResponse(_message.Message):
    __slots__ = ("sandbox_class", "contract_version", "boot_id", "required_assets", "capabilities", "hardware_key")
    SANDBOX_CLASS_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_VERSION_FIELD_NUMBER: _ClassVar[int]
    BOOT_ID_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_ASSETS_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    HARDWARE_KEY_FIELD_NUMBER: _ClassVar[int]
    sandbox_class: str
    contract_version: int
    boot_id: str
    required_assets: _containers.RepeatedScalarFieldContainer[str]
    capabilities: Capabilities
    hardware_key: str
    def __init__(self, sandbox_class: _Optional[str] = ..., contract_version: _Optional[int] = ..., boot_id: _Optional[str] = ..., required_assets: _Optional[_Iterable[str]] = ..., capabilities: _Optional[_Union[Capabilities, _Mapping]] = ..., hardware_key: _Optional[str] = ...) -> None: ...

class Capabilities(_message.Message):
    __slots__ = ("scopes", "checkpoint_and_continue", "exec", "freeze", "stats", "several_containers", "terminate", "watch")
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINT_AND_CONTINUE_FIELD_NUMBER: _ClassVar[int]
    EXEC_FIELD_NUMBER: _ClassVar[int]
    FREEZE_FIELD_NUMBER: _ClassVar[int]
    STATS_FIELD_NUMBER: _ClassVar[int]
    SEVERAL_CONTAINERS_FIELD_NUMBER: _ClassVar[int]
    TERMINATE_FIELD_NUMBER: _ClassVar[int]
    WATCH_FIELD_NUMBER: _ClassVar[int]
    scopes: _containers.RepeatedScalarFieldContainer[_ateom_pb2.SnapshotScope]
    checkpoint_and_continue: bool
    exec: bool
    freeze: bool
    stats: bool
    several_containers: bool
    terminate: bool
    watch: bool
    def __init__(self, scopes: _Optional[_Iterable[_Union[_ateom_pb2.SnapshotScope, str]]] = ..., checkpoint_and_continue: _Optional[bool] = ..., exec: _Optional[bool] = ..., freeze: _Optional[bool] = ..., stats: _Optional[bool] = ..., several_containers: _Optional[bool] = ..., terminate: _Optional[bool] = ..., watch: _Optional[bool] = ...) -> None: ...

class GetStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStatusResponse(_message.Message):
    __slots__ = ("state", "actor", "last_operation", "frozen")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[GetStatusResponse.State]
        STATE_AVAILABLE: _ClassVar[GetStatusResponse.State]
        STATE_EXECUTING: _ClassVar[GetStatusResponse.State]
    STATE_UNSPECIFIED: GetStatusResponse.State
    STATE_AVAILABLE: GetStatusResponse.State
    STATE_EXECUTING: GetStatusResponse.State
    STATE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    LAST_OPERATION_FIELD_NUMBER: _ClassVar[int]
    FROZEN_FIELD_NUMBER: _ClassVar[int]
    state: GetStatusResponse.State
    actor: ExecutingActor
    last_operation: CompletedOperation
    frozen: bool
    def __init__(self, state: _Optional[_Union[GetStatusResponse.State, str]] = ..., actor: _Optional[_Union[ExecutingActor, _Mapping]] = ..., last_operation: _Optional[_Union[CompletedOperation, _Mapping]] = ..., frozen: _Optional[bool] = ...) -> None: ...

class ExecutingActor(_message.Message):
    __slots__ = ("actor_template_namespace", "actor_template_name", "actor_id", "atespace", "operation_id", "generation", "since")
    ACTOR_TEMPLATE_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    ATESPACE_FIELD_NUMBER: _ClassVar[int]
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    actor_template_namespace: str
    actor_template_name: str
    actor_id: str
    atespace: str
    operation_id: str
    generation: int
    since: _timestamp_pb2.Timestamp
    def __init__(self, actor_template_namespace: _Optional[str] = ..., actor_template_name: _Optional[str] = ..., actor_id: _Optional[str] = ..., atespace: _Optional[str] = ..., operation_id: _Optional[str] = ..., generation: _Optional[int] = ..., since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CompletedOperation(_message.Message):
    __slots__ = ("operation_id", "kind", "succeeded", "error")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    kind: str
    succeeded: bool
    error: str
    def __init__(self, operation_id: _Optional[str] = ..., kind: _Optional[str] = ..., succeeded: _Optional[bool] = ..., error: _Optional[str] = ...) -> None: ...

class WatchWorkerRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WorkerEvent(_message.Message):
    __slots__ = ("started", "ready", "exited", "draining")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    READY_FIELD_NUMBER: _ClassVar[int]
    EXITED_FIELD_NUMBER: _ClassVar[int]
    DRAINING_FIELD_NUMBER: _ClassVar[int]
    started: WorkloadStarted
    ready: WorkloadReady
    exited: WorkloadExited
    draining: BackEndDraining
    def __init__(self, started: _Optional[_Union[WorkloadStarted, _Mapping]] = ..., ready: _Optional[_Union[WorkloadReady, _Mapping]] = ..., exited: _Optional[_Union[WorkloadExited, _Mapping]] = ..., draining: _Optional[_Union[BackEndDraining, _Mapping]] = ...) -> None: ...

class WorkloadStarted(_message.Message):
    __slots__ = ("actor",)
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    actor: ExecutingActor
    def __init__(self, actor: _Optional[_Union[ExecutingActor, _Mapping]] = ...) -> None: ...

class WorkloadReady(_message.Message):
    __slots__ = ("actor",)
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    actor: ExecutingActor
    def __init__(self, actor: _Optional[_Union[ExecutingActor, _Mapping]] = ...) -> None: ...

class WorkloadExited(_message.Message):
    __slots__ = ("actor", "container", "exit_code", "signal", "out_of_memory")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_FIELD_NUMBER: _ClassVar[int]
    EXIT_CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_MEMORY_FIELD_NUMBER: _ClassVar[int]
    actor: ExecutingActor
    container: str
    exit_code: int
    signal: int
    out_of_memory: bool
    def __init__(self, actor: _Optional[_Union[ExecutingActor, _Mapping]] = ..., container: _Optional[str] = ..., exit_code: _Optional[int] = ..., signal: _Optional[int] = ..., out_of_memory: _Optional[bool] = ...) -> None: ...

class BackEndDraining(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class TerminateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class TerminateResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ExecRequest(_message.Message):
    __slots__ = ("start", "stdin", "close_stdin", "resize", "signal")
    START_FIELD_NUMBER: _ClassVar[int]
    STDIN_FIELD_NUMBER: _ClassVar[int]
    CLOSE_STDIN_FIELD_NUMBER: _ClassVar[int]
    RESIZE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    start: ExecStart
    stdin: bytes
    close_stdin: bool
    resize: TerminalSize
    signal: int
    def __init__(self, start: _Optional[_Union[ExecStart, _Mapping]] = ..., stdin: _Optional[bytes] = ..., close_stdin: _Optional[bool] = ..., resize: _Optional[_Union[TerminalSize, _Mapping]] = ..., signal: _Optional[int] = ...) -> None: ...

class ExecStart(_message.Message):
    __slots__ = ("container", "command", "env", "cwd", "tty", "size")
    CONTAINER_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    ENV_FIELD_NUMBER: _ClassVar[int]
    CWD_FIELD_NUMBER: _ClassVar[int]
    TTY_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    container: str
    command: _containers.RepeatedScalarFieldContainer[str]
    env: _containers.RepeatedScalarFieldContainer[str]
    cwd: str
    tty: bool
    size: TerminalSize
    def __init__(self, container: _Optional[str] = ..., command: _Optional[_Iterable[str]] = ..., env: _Optional[_Iterable[str]] = ..., cwd: _Optional[str] = ..., tty: _Optional[bool] = ..., size: _Optional[_Union[TerminalSize, _Mapping]] = ...) -> None: ...

class TerminalSize(_message.Message):
    __slots__ = ("columns", "rows")
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    columns: int
    rows: int
    def __init__(self, columns: _Optional[int] = ..., rows: _Optional[int] = ...) -> None: ...

class ExecResponse(_message.Message):
    __slots__ = ("stdout", "stderr", "exit")
    STDOUT_FIELD_NUMBER: _ClassVar[int]
    STDERR_FIELD_NUMBER: _ClassVar[int]
    EXIT_FIELD_NUMBER: _ClassVar[int]
    stdout: bytes
    stderr: bytes
    exit: ExecExit
    def __init__(self, stdout: _Optional[bytes] = ..., stderr: _Optional[bytes] = ..., exit: _Optional[_Union[ExecExit, _Mapping]] = ...) -> None: ...

class ExecExit(_message.Message):
    __slots__ = ("code", "signal")
    CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    code: int
    signal: int
    def __init__(self, code: _Optional[int] = ..., signal: _Optional[int] = ...) -> None: ...

class StatsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StatsResponse(_message.Message):
    __slots__ = ("memory_bytes", "cpu_usage_us", "network_receive_bytes", "network_transmit_bytes")
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    CPU_USAGE_US_FIELD_NUMBER: _ClassVar[int]
    NETWORK_RECEIVE_BYTES_FIELD_NUMBER: _ClassVar[int]
    NETWORK_TRANSMIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    memory_bytes: int
    cpu_usage_us: int
    network_receive_bytes: int
    network_transmit_bytes: int
    def __init__(self, memory_bytes: _Optional[int] = ..., cpu_usage_us: _Optional[int] = ..., network_receive_bytes: _Optional[int] = ..., network_transmit_bytes: _Optional[int] = ...) -> None: ...

class FreezeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FreezeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ThawRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ThawResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

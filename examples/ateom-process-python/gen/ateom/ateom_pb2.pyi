from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SnapshotScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SNAPSHOT_SCOPE_UNSPECIFIED: _ClassVar[SnapshotScope]
    SNAPSHOT_SCOPE_FULL: _ClassVar[SnapshotScope]
    SNAPSHOT_SCOPE_DATA: _ClassVar[SnapshotScope]
SNAPSHOT_SCOPE_UNSPECIFIED: SnapshotScope
SNAPSHOT_SCOPE_FULL: SnapshotScope
SNAPSHOT_SCOPE_DATA: SnapshotScope

class RunWorkloadRequest(_message.Message):
    __slots__ = ("actor_template_namespace", "actor_template_name", "actor_id", "spec", "runtime_asset_paths")
    class RuntimeAssetPathsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ACTOR_TEMPLATE_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_ASSET_PATHS_FIELD_NUMBER: _ClassVar[int]
    actor_template_namespace: str
    actor_template_name: str
    actor_id: str
    spec: WorkloadSpec
    runtime_asset_paths: _containers.ScalarMap[str, str]
    def __init__(self, actor_template_namespace: _Optional[str] = ..., actor_template_name: _Optional[str] = ..., actor_id: _Optional[str] = ..., spec: _Optional[_Union[WorkloadSpec, _Mapping]] = ..., runtime_asset_paths: _Optional[_Mapping[str, str]] = ...) -> None: ...

class RunWorkloadResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CheckpointWorkloadRequest(_message.Message):
    __slots__ = ("actor_template_namespace", "actor_template_name", "actor_id", "spec", "snapshot_uri_prefix", "runtime_asset_paths", "scope")
    class RuntimeAssetPathsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ACTOR_TEMPLATE_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_URI_PREFIX_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_ASSET_PATHS_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    actor_template_namespace: str
    actor_template_name: str
    actor_id: str
    spec: WorkloadSpec
    snapshot_uri_prefix: str
    runtime_asset_paths: _containers.ScalarMap[str, str]
    scope: SnapshotScope
    def __init__(self, actor_template_namespace: _Optional[str] = ..., actor_template_name: _Optional[str] = ..., actor_id: _Optional[str] = ..., spec: _Optional[_Union[WorkloadSpec, _Mapping]] = ..., snapshot_uri_prefix: _Optional[str] = ..., runtime_asset_paths: _Optional[_Mapping[str, str]] = ..., scope: _Optional[_Union[SnapshotScope, str]] = ...) -> None: ...

class CheckpointWorkloadResponse(_message.Message):
    __slots__ = ("snapshot_files",)
    SNAPSHOT_FILES_FIELD_NUMBER: _ClassVar[int]
    snapshot_files: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, snapshot_files: _Optional[_Iterable[str]] = ...) -> None: ...

class RestoreWorkloadRequest(_message.Message):
    __slots__ = ("actor_template_namespace", "actor_template_name", "actor_id", "spec", "snapshot_uri_prefix", "runtime_asset_paths", "scope")
    class RuntimeAssetPathsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ACTOR_TEMPLATE_NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_URI_PREFIX_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_ASSET_PATHS_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    actor_template_namespace: str
    actor_template_name: str
    actor_id: str
    spec: WorkloadSpec
    snapshot_uri_prefix: str
    runtime_asset_paths: _containers.ScalarMap[str, str]
    scope: SnapshotScope
    def __init__(self, actor_template_namespace: _Optional[str] = ..., actor_template_name: _Optional[str] = ..., actor_id: _Optional[str] = ..., spec: _Optional[_Union[WorkloadSpec, _Mapping]] = ..., snapshot_uri_prefix: _Optional[str] = ..., runtime_asset_paths: _Optional[_Mapping[str, str]] = ..., scope: _Optional[_Union[SnapshotScope, str]] = ...) -> None: ...

class RestoreWorkloadResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WorkloadSpec(_message.Message):
    __slots__ = ("containers",)
    CONTAINERS_FIELD_NUMBER: _ClassVar[int]
    containers: _containers.RepeatedCompositeFieldContainer[Container]
    def __init__(self, containers: _Optional[_Iterable[_Union[Container, _Mapping]]] = ...) -> None: ...

class Container(_message.Message):
    __slots__ = ("name", "readyz", "durable_dir_volumes")
    NAME_FIELD_NUMBER: _ClassVar[int]
    READYZ_FIELD_NUMBER: _ClassVar[int]
    DURABLE_DIR_VOLUMES_FIELD_NUMBER: _ClassVar[int]
    name: str
    readyz: Readyz
    durable_dir_volumes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., readyz: _Optional[_Union[Readyz, _Mapping]] = ..., durable_dir_volumes: _Optional[_Iterable[str]] = ...) -> None: ...

class Readyz(_message.Message):
    __slots__ = ("http_get",)
    HTTP_GET_FIELD_NUMBER: _ClassVar[int]
    http_get: HTTPGetAction
    def __init__(self, http_get: _Optional[_Union[HTTPGetAction, _Mapping]] = ...) -> None: ...

class HTTPGetAction(_message.Message):
    __slots__ = ("path", "port")
    PATH_FIELD_NUMBER: _ClassVar[int]
    PORT_FIELD_NUMBER: _ClassVar[int]
    path: str
    port: int
    def __init__(self, path: _Optional[str] = ..., port: _Optional[int] = ...) -> None: ...

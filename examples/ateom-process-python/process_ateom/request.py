"""What a request says, checked once: whoever holds a Workload need not doubt it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ateom import ateom_pb2 as ateom
from google.protobuf.timestamp_pb2 import Timestamp
from substrate.v1 import extensions_pb2 as wire

from .layout import ActorKey, check_label
from .readiness import Readyz
from .refusal import invalid

Request = ateom.RunWorkloadRequest | ateom.CheckpointWorkloadRequest | ateom.RestoreWorkloadRequest


@dataclass(frozen=True)
class Workload:
    actor: ActorKey
    container: str
    readyz: Readyz | None
    durable_paths: tuple[str, ...]
    # From the optional metadata; "" and 0 where a caller of the base contract told nothing.
    operation_id: str
    generation: int
    atespace: str
    template: str

    @staticmethod
    def parse(request: Request, metadata: Mapping[str, str]) -> Workload:
        actor = ActorKey(request.actor_template_namespace, request.actor_template_name, request.actor_id)
        container, readyz = _parse_container(request.spec)
        durable = tuple(request.spec.containers[0].durable_dir_volumes)
        operation_id, generation = parse_operation(metadata)
        atespace, template = metadata.get("ate-atespace", ""), metadata.get("ate-template", actor.template)
        return Workload(actor, container, readyz, durable, operation_id, generation, atespace, template)

    @property
    def labels(self) -> dict[str, str]:
        """Say of every line that the container writes whose it is."""
        labels = {
            "ate.dev/actor_id": self.actor.actor_id,
            "ate.dev/actor_template_name": self.template,
            "ate.dev/actor_template_namespace": self.actor.namespace,
            "ate.dev/container_name": self.container,
        }
        return {**labels, "ate.dev/actor_atespace": self.atespace} if self.atespace else labels

    def executing_since(self, time_ns: int) -> wire.ExecutingActor:
        return wire.ExecutingActor(
            actor_template_namespace=self.actor.namespace,
            actor_template_name=self.actor.template,
            actor_id=self.actor.actor_id,
            atespace=self.atespace,
            operation_id=self.operation_id,
            generation=self.generation,
            since=Timestamp(seconds=time_ns // 10**9, nanos=time_ns % 10**9),
        )


def parse_operation(metadata: Mapping[str, str]) -> tuple[str, int]:
    """Operation id and generation; "" and 0 where they are absent."""
    operation_id, generation = metadata.get("ate-operation-id", ""), metadata.get("ate-generation", "0")
    if len(operation_id) > 255:
        raise invalid("ate-operation-id", "is longer than 255 characters")
    if not generation.isdecimal() or len(generation) > 18:
        raise invalid("ate-generation", "is no number")
    return operation_id, int(generation)


def _parse_container(spec: ateom.WorkloadSpec) -> tuple[str, Readyz | None]:
    if len(spec.containers) != 1:
        raise invalid("spec.containers", f"there are {len(spec.containers)}; this back end runs exactly one")
    container = spec.containers[0]
    if check_label("spec.containers[0].name", container.name) == "pause":
        raise invalid("spec.containers[0].name", "pause is reserved")
    for path in container.durable_dir_volumes:
        if not path.startswith("/") or any(part in ("", ".", "..") for part in path[1:].split("/")):
            raise invalid("spec.containers[0].durable_dir_volumes", f"{path[:80]!r} is no clean path below /")
    if not container.HasField("readyz"):
        return container.name, None
    action = container.readyz.http_get
    return container.name, Readyz.parse("spec.containers[0].readyz.http_get", action.path, action.port)

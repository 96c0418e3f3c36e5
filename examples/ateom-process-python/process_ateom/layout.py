"""Where things lie: the path conventions of the contract, from names that were checked first."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .refusal import invalid

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SOCKET_PATH_MAX = 107


def base_path() -> Path:
    return Path(os.environ.get("ATE_BASE_PATH", "/var/lib/ateom-gvisor"))


def check_label(field: str, value: str) -> str:
    if len(value) > 63 or not _LABEL.fullmatch(value):
        raise invalid(field, f"{value[:80]!r} is no DNS-1123 label")
    return value


def _check_subdomain(field: str, value: str) -> str:
    if len(value) > 253 or not all(_LABEL.fullmatch(part) and len(part) <= 63 for part in value.split(".")):
        raise invalid(field, f"{value[:80]!r} is no DNS-1123 subdomain")
    return value


@dataclass(frozen=True)
class WorkerPaths:
    """Of one worker; the directory is this back end's own."""

    uid: str

    @property
    def directory(self) -> Path:
        return base_path() / "ateoms" / self.uid

    @property
    def socket(self) -> Path:
        path = self.directory / "ateom.sock"
        if len(os.fsencode(path)) > _SOCKET_PATH_MAX:
            raise ValueError(f"{path} is longer than the {_SOCKET_PATH_MAX} bytes that a socket's path may have")
        return path

    @property
    def netns_name(self) -> str:
        return f"ateom:{self.uid}"


@dataclass(frozen=True)
class ActorKey:
    """What names an actor in a request; every part is checked, so that a path may hold it."""

    namespace: str
    template: str
    actor_id: str

    def __post_init__(self) -> None:
        check_label("actor_template_namespace", self.namespace)
        _check_subdomain("actor_template_name", self.template)
        check_label("actor_id", self.actor_id)
        if len(self.name) > 255:
            raise invalid("actor_id", "namespace, template and actor id have more than 255 bytes together")

    @property
    def name(self) -> str:
        return f"{self.namespace}:{self.template}:{self.actor_id}"

    @property
    def directory(self) -> Path:
        return base_path() / "actors" / self.name

    def bundle(self, container: str) -> Path:
        return self.directory / "bundles" / container

    @property
    def checkpoint(self) -> Path:
        return self.directory / "checkpoint-state"

    @property
    def restore(self) -> Path:
        return self.directory / "restore-state"

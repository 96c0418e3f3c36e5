"""Durable directories in a snapshot: one tar file a volume, and a file that lists them.

GNU tar keeps owners, modes, times, links, holes and extended attributes.
"""
from __future__ import annotations

import json
import shutil
from pathlib import Path

from .command import run
from .layout import ActorKey, check_label
from .refusal import failed, invalid, not_now

_INDEX = "volumes.json"
_TAR_TIMEOUT_S = 600
_FAITHFULLY = ("--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "--sparse")


def durable_volumes(spec: dict, actor: ActorKey) -> list[str]:
    """Names of the durable volumes that a bundle mounts: those are the mounts from their place on the node."""
    sources = [Path(mount["source"]) for mount in spec.get("mounts", []) if mount.get("source", "").startswith("/")]
    return sorted({check_label("volume", path.name) for path in sources if path.parent == actor.durable_home})


def pack(volumes: list[str], actor: ActorKey) -> list[str]:
    """Writes the volumes into the checkpoint directory; answers the names of the files."""
    shutil.rmtree(actor.checkpoint, ignore_errors=True)
    actor.checkpoint.mkdir(mode=0o700)
    try:
        for volume in volumes:
            _tar("--create", actor.checkpoint, actor, volume, "--format=posix", "--one-file-system", ".")
    except RuntimeError as error:
        raise failed(f"the snapshot could not be written: {error}") from error
    (actor.checkpoint / _INDEX).write_text(json.dumps({"volumes": volumes}))
    return [_INDEX, *(f"{volume}.tar" for volume in volumes)]


def unpack(volumes: list[str], actor: ActorKey) -> None:
    """Makes each volume hold exactly what was packed. A snapshot of other volumes is refused."""
    try:
        stored = json.loads((actor.restore / _INDEX).read_text())["volumes"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise not_now(f"the restore directory holds no snapshot of this class: {error}") from error
    if stored != volumes:
        raise invalid("spec", f"the snapshot holds the volumes {stored}, but the bundle mounts {volumes}")
    for volume in volumes:
        target = actor.durable_home / volume
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        try:
            _tar("--extract", actor.restore, actor, volume, "--same-owner", "--same-permissions")
        except RuntimeError as error:
            raise not_now(f"the snapshot could not be read: {error}") from error


def _tar(action: str, place: Path, actor: ActorKey, volume: str, *rest: str) -> None:
    files = (f"--file={place / volume}.tar", f"--directory={actor.durable_home / volume}")
    # Without --force-local, tar takes what stands before a colon for another machine.
    run("tar", action, "--force-local", *files, *_FAITHFULLY, *rest, timeout=_TAR_TIMEOUT_S)

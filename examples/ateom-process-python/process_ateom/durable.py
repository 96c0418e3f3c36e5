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


def durable_volumes(spec: dict, mount_paths: tuple[str, ...]) -> dict[str, Path]:
    """Where each durable volume lies on the node: what the bundle mounts where the request says that volumes are."""
    sources = {mount.get("destination"): Path(mount.get("source", "")) for mount in spec.get("mounts", [])}
    volumes: dict[str, Path] = {}
    for path in mount_paths:
        source = sources.get(path)
        if source is None or not source.is_absolute():
            raise invalid("durable_dir_volumes", f"the bundle mounts nothing durable at {path}")
        volumes[check_label("volume", source.name)] = source
    return volumes


def pack(volumes: dict[str, Path], actor: ActorKey) -> list[str]:
    """Writes the volumes into the checkpoint directory; answers the names of the files."""
    shutil.rmtree(actor.checkpoint, ignore_errors=True)
    actor.checkpoint.mkdir(mode=0o700)
    try:
        for name, directory in volumes.items():
            _tar("--create", actor.checkpoint / f"{name}.tar", directory, "--format=posix", "--one-file-system", ".")
    except RuntimeError as error:
        raise failed(f"the snapshot could not be written: {error}") from error
    (actor.checkpoint / _INDEX).write_text(json.dumps({"volumes": sorted(volumes)}))
    return [_INDEX, *(f"{volume}.tar" for volume in volumes)]


def unpack(volumes: dict[str, Path], actor: ActorKey) -> None:
    """Makes each volume hold exactly what was packed. A snapshot of other volumes is refused."""
    try:
        stored = json.loads((actor.restore / _INDEX).read_text())["volumes"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise not_now(f"the restore directory holds no snapshot of this class: {error}") from error
    if stored != sorted(volumes):
        raise invalid("spec", f"the snapshot holds the volumes {stored}, but the bundle mounts {sorted(volumes)}")
    for name, directory in volumes.items():
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        try:
            _tar("--extract", actor.restore / f"{name}.tar", directory, "--same-owner", "--same-permissions")
        except RuntimeError as error:
            raise not_now(f"the snapshot could not be read: {error}") from error


def _tar(action: str, file: Path, directory: Path, *rest: str) -> None:
    # Without --force-local, tar takes what stands before a colon for another machine.
    place = (f"--file={file}", f"--directory={directory}")
    run("tar", action, "--force-local", *place, *_FAITHFULLY, *rest, timeout=_TAR_TIMEOUT_S)

"""The first process of a container, in its namespaces: lays out the file system and becomes the program.

    python -m process_ateom.container_entry BUNDLE SCRATCH STATUS-FD

The image is shared by all its actors, so changes go to a layer in memory, which ends with the namespace.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_MNT_DETACH = 2
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_DEVICE_LINKS = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "ptmx": "pts/ptmx"}
_SYMLINKS_MAX = 40
# In the order of their numbers in linux/capability.h.
_CAPABILITIES = """CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE
SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL
SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE""".split()


def main(bundle: str, scratch: str, status: str) -> None:
    with os.fdopen(int(status), "w") as told:
        try:
            spec = json.loads(Path(bundle, "config.json").read_text())
            root = _lay_out_root(spec, Path(scratch))
            socket.sethostname(spec.get("hostname", "actor"))
            _enter_root(root)
            argv, env = _become_user(spec["process"])
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            told.write(str(error)[:1000])
            raise SystemExit(125) from error
        told.write("started\n")
    os.execve(argv[0], argv, env)


def _lay_out_root(spec: dict, scratch: Path) -> Path:
    _mount("-t", "tmpfs", "-o", "mode=700", "tmpfs", str(scratch))
    for name in ("image", "changes", "work", "root"):
        (scratch / name).mkdir(mode=0o755)
    _mount("--bind", spec["root"]["path"], str(scratch / "image"))
    # Relative: an option cannot hold every character that a path can.
    os.chdir(scratch)
    _mount("-t", "overlay", "-o", "lowerdir=image,upperdir=changes,workdir=work", "overlay", "root")
    root = scratch / "root"
    for mount in spec.get("mounts", []):
        _add_mount(root, mount)
    _add_devices(root)
    if spec["root"].get("readonly"):
        _mount("-o", "remount,bind,ro", str(root))
    return root


def _add_mount(root: Path, mount: dict) -> None:
    options, source, kind = mount.get("options", []), mount.get("source", "none"), mount.get("type", "none")
    is_bind = "bind" in options or "rbind" in options
    target = _resolve(root, mount["destination"])
    if is_bind and not stat.S_ISDIR(os.stat(source).st_mode):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    else:
        target.mkdir(parents=True, exist_ok=True)
    kind_words = [] if is_bind else ["-t", kind]
    option_words = ["-o", ",".join(options)] if options else []
    _mount(*kind_words, *option_words, source, str(target))


def _add_devices(root: Path) -> None:
    directory = _resolve(root, "/dev")
    directory.mkdir(exist_ok=True)
    for name in _DEVICES:
        target = directory / name
        if not target.exists():
            target.touch()
            _mount("--bind", f"/dev/{name}", str(target))
    for name, leads_to in _DEVICE_LINKS.items():
        if not os.path.lexists(directory / name):
            os.symlink(leads_to, directory / name)


def _resolve(root: Path, path: str) -> Path:
    """Where a path of the container lies, its symbolic links followed as the container would: never out of it."""
    left, links = path.split("/")[::-1], 0
    parts: list[str] = []
    while left:
        part = left.pop()
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            here = root.joinpath(*parts, part)
            if here.is_symlink():
                links += 1
                if links > _SYMLINKS_MAX:
                    raise RuntimeError(f"{path}: too many symbolic links")
                target = os.readlink(here)
                parts = [] if target.startswith("/") else parts
                left += target.split("/")[::-1]
            else:
                parts.append(part)
    return root.joinpath(*parts)


def _enter_root(root: Path) -> None:
    os.chdir(root)
    _check(_libc.pivot_root(b".", b"."), "pivot_root")
    # The old root lies over the new one.
    _check(_libc.umount2(b".", _MNT_DETACH), "umount")
    os.chdir("/")


def _become_user(process: dict) -> tuple[list[str], dict[str, str]]:
    """Gives up what the program shall not have; answers its command and environment."""
    env = dict(entry.split("=", 1) for entry in process.get("env", []) if "=" in entry)
    user, cwd = process.get("user", {}), process.get("cwd", "/")
    kept = {name.removeprefix("CAP_") for name in process.get("capabilities", {}).get("bounding", [])}
    os.makedirs(cwd, exist_ok=True)
    os.chdir(cwd)
    for number, name in enumerate(_CAPABILITIES):
        # A kernel may lack the last of them.
        if name not in kept:
            _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)
    os.setgroups(user.get("additionalGids", []))
    os.setgid(user.get("gid", 0))
    os.setuid(user.get("uid", 0))
    if process.get("noNewPrivileges"):
        _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    os.umask(user.get("umask", 0o022))
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    program, *args = process["args"]
    path = shutil.which(program, path=env.get("PATH", os.defpath))
    if path is None:
        raise RuntimeError(f"there is no program {program!r} in the container")
    return [path, *args], env


def _mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"mount {words[-1]}: {done.stderr.strip()}")


def _check(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


if __name__ == "__main__":
    main(*sys.argv[1:])

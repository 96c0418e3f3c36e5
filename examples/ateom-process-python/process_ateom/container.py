"""One container: a process in namespaces of its own, from its start to its end.

    setpriv -> nsenter -> unshare --fork     one process after another under the same pid
                            `- first process  sets up the file system (container_entry) and becomes the program

The kernel ends all processes of a pid namespace with its first, and tells of that end only afterwards.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from .layout import ActorKey
from .output import copy_output
from .refusal import failed, invalid

_START_TIMEOUT_S = 30
_OUTPUT_TIMEOUT_S = 2
STARTED = b"started\n"


def read_bundle(actor: ActorKey, container: str) -> dict:
    """The OCI runtime spec of a container, with what this back end relies on checked."""
    path = actor.bundle(container) / "config.json"
    try:
        spec = json.loads(path.read_text())
        usable = all(isinstance(arg, str) for arg in spec["process"]["args"]) and spec["process"]["args"]
        usable = usable and Path(spec["root"]["path"]).is_dir() and isinstance(spec.get("mounts", []), list)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise invalid("spec", f"the bundle of container {container!r} cannot be used: {error}") from error
    if not usable:
        raise invalid("spec", f"the bundle of container {container!r} has no process.args or no root directory")
    return spec


class Container:
    """A started container. `on_exit` is told its exit code or its signal, once, unless `end` was called before."""

    def __init__(
        self,
        bundle: Path,
        scratch: Path,
        netns_path: str,
        labels: dict[str, str],
        on_exit: Callable[[int, int], None],
    ) -> None:
        scratch.mkdir(mode=0o700, exist_ok=True)
        read_end, write_end = os.pipe()
        try:
            self._process = subprocess.Popen(
                _command(bundle, scratch, netns_path, write_end),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(write_end,),
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            os.close(read_end)
            raise failed(f"the container cannot be started: {error}") from error
        finally:
            os.close(write_end)
        self._ending = threading.Lock()
        self._is_unwanted = False
        self._on_exit = on_exit
        # A pipe each: what is written to one at the same time could interleave.
        streams = (self._process.stdout, self._process.stderr)
        self._outputs = [copy_output(stream, labels) for stream in streams if stream]
        self._waiter = threading.Thread(target=self._wait, name="wait", daemon=True)
        self._waiter.start()
        try:
            self._await_start(read_end)
        except BaseException:
            self.end()
            raise
        finally:
            os.close(read_end)

    @property
    def has_ended(self) -> bool:
        return not self._waiter.is_alive()

    def end(self) -> None:
        """Returns when all its processes are gone and what they wrote was copied. Idempotent."""
        with self._ending:
            self._is_unwanted = True
            if not self.has_ended:
                self._kill()
            self._waiter.join()
        for output in self._outputs:
            output.join(_OUTPUT_TIMEOUT_S)

    def _kill(self) -> None:
        unshare = self._process.pid
        try:
            children = Path(f"/proc/{unshare}/task/{unshare}/children").read_text().split()
            # Before it forked there is only itself to end.
            for pid in children or [str(unshare)]:
                os.kill(int(pid), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            pass  # It has just ended by itself.

    def _wait(self) -> None:
        code = self._process.wait()
        if not self._is_unwanted:
            self._on_exit(max(code, 0), max(-code, 0))

    def _await_start(self, read_end: int) -> None:
        ready, _, _ = select.select([read_end], [], [], _START_TIMEOUT_S)
        said = os.read(read_end, 4096) if ready else b"nothing happened"
        if said != STARTED:
            raise failed(f"the container did not start: {said.decode('utf-8', 'replace').strip() or 'see its output'}")


def _command(bundle: Path, scratch: Path, netns_path: str, status: int) -> list[str]:
    # `run` sets PYTHONPATH; the program itself gets the environment of its bundle and nothing else.
    entry = [sys.executable, "-m", "process_ateom.container_entry", str(bundle), str(scratch), str(status)]
    isolate = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--propagation", "private"]
    # Threads that start containers must live as long as these: the kernel takes a thread's end for its parent's.
    return ["setpriv", "--pdeathsig", "KILL", "--", "nsenter", f"--net={netns_path}", "--", *isolate, "--", *entry]


def missing_programs() -> list[str]:
    """Of the system's, those that this back end runs and that are not there."""
    return [name for name in ("setpriv", "nsenter", "unshare", "mount", "ip", "nft", "tar") if not shutil.which(name)]

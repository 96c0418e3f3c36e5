"""What actors write becomes one JSON object a line on this process's stdout, labelled with whose it is."""

from __future__ import annotations

import json
import sys
import threading
from datetime import datetime, timezone
from typing import IO

_LINE_MAX = 64 * 1024
_one_at_a_time = threading.Lock()


def copy_output(stream: IO[bytes], labels: dict[str, str]) -> threading.Thread:
    """Copies until the stream ends, which it does when the last process that holds it has ended."""

    def copy() -> None:
        with stream:
            while line := stream.readline(_LINE_MAX):
                _write(label_line(line.decode("utf-8", "replace").rstrip("\r\n"), labels))

    thread = threading.Thread(target=copy, name="output", daemon=True)
    thread.start()
    return thread


def label_line(line: str, labels: dict[str, str]) -> str:
    record: dict[str, object] | None = None
    if line.lstrip().startswith("{"):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
    if record is None:
        record = {"message": line}
    own = record.get("labels")
    record["labels"] = {**(own if isinstance(own, dict) else {}), **labels}
    record.setdefault("time", datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    return json.dumps(record, ensure_ascii=False)


def _write(line: str) -> None:
    with _one_at_a_time:
        sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()

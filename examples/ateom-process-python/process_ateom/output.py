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
    """One line of JSON, whatever was written: what is no JSON object, or cannot be written as one, is a message."""
    if line.lstrip().startswith("{"):
        # An actor blocks on a full pipe when its copying thread ends, so that nothing that it writes may raise here.
        try:
            return _to_json(json.loads(line, parse_constant=_refuse_constant), labels)
        except (ValueError, TypeError, RecursionError):
            pass
    return _to_json({"message": line}, labels)


def _to_json(record: dict[str, object], labels: dict[str, str]) -> str:
    own = record.get("labels")
    record["labels"] = {**(own if isinstance(own, dict) else {}), **labels}
    record.setdefault("time", datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    # A number such as 1e999 is read as infinite, which JSON has no word for.
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _write(line: str) -> None:
    with _one_at_a_time:
        sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()

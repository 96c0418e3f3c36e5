"""Answers a repeated operation id with what came of it the first time, so that a lost reply loses nothing."""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from substrate.v1 import extensions_pb2 as wire

from .refusal import Refusal, failed, invalid

_KEPT_MAX = 64


class Journal:
    """Checkpoints are kept in `file` too: after one the actor is gone, and its result is all that is left of it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._outcomes: OrderedDict[str, tuple[str, Future[list[str]]]] = OrderedDict()
        self._stored: dict[str, tuple[str, list[str]]] = {}
        self.last: wire.CompletedOperation | None = None
        self._load()

    def perform(self, kind: str, subject: str, operation_id: str, act: Callable[[], list[str]]) -> list[str]:
        """Acts once an id, always where there is none; who repeats an id that is at work waits for it."""
        outcome: Future[list[str]] = Future()
        what = f"{kind} of {subject}"
        with self._lock:
            known = self._outcomes.get(operation_id)
            if known is None and operation_id:
                self._outcomes[operation_id] = (what, outcome)
                if len(self._outcomes) > _KEPT_MAX:
                    self._outcomes.popitem(last=False)
        if known is None:
            self._act(kind, what, operation_id, act, outcome)
        elif known[0] != what:
            raise invalid("ate-operation-id", f"{operation_id!r} was {known[0]}, and cannot be {what}")
        else:
            outcome = known[1]
        return outcome.result()

    def _act(
        self, kind: str, what: str, operation_id: str, act: Callable[[], list[str]], outcome: Future[list[str]]
    ) -> None:
        error = ""
        try:
            names = act()
            if kind == "checkpoint" and operation_id:
                self._store(operation_id, what, names)
            outcome.set_result(names)
        except Refusal as refusal:
            error = str(refusal)
            outcome.set_exception(refusal)
            if refusal.is_nothing_done:
                with self._lock:
                    self._outcomes.pop(operation_id, None)
        except Exception as fault:
            error = f"{type(fault).__name__}: {fault}"
            outcome.set_exception(failed(error))
        done = wire.CompletedOperation(operation_id=operation_id, kind=kind, succeeded=not error, error=error)
        self.last = done

    def _load(self) -> None:
        try:
            stored = json.loads(self._file.read_text())
        except FileNotFoundError:
            return
        for operation_id, (what, names) in stored.items():
            outcome: Future[list[str]] = Future()
            outcome.set_result(names)
            self._stored[operation_id] = (what, names)
            self._outcomes[operation_id] = (what, outcome)

    def _store(self, operation_id: str, what: str, names: list[str]) -> None:
        """Whole or not at all, and on the disk before anybody is answered."""
        self._stored[operation_id] = (what, names)
        while len(self._stored) > _KEPT_MAX:
            self._stored.pop(next(iter(self._stored)))
        beside = self._file.with_suffix(".new")
        with beside.open("w") as file:
            json.dump(self._stored, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)

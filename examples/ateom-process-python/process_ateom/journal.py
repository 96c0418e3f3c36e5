"""Answers a repeated operation id with what came of it the first time, so that a lost reply loses nothing; and refuses
what belongs to an assignment that is over, so that a call that was late on its way starts no old actor."""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from substrate.v1 import extensions_pb2 as wire

from .refusal import Refusal, failed, invalid, not_now

_KEPT_MAX = 64
_GENERATIONS_MAX = 1024


@dataclass(frozen=True)
class Operation:
    kind: str
    # The actor's name, for all that concern one.
    subject: str
    # "" is performed without a record.
    id: str
    # 0 is of a caller that knows no generations.
    generation: int = 0


class Journal:
    """Checkpoints are kept in `file` too: after one the actor is gone, and its result is all that is left of it. So are
    the newest generations of actors, which go with them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._outcomes: OrderedDict[str, tuple[str, Future[list[str]]]] = OrderedDict()
        self._stored: dict[str, tuple[str, list[str]]] = {}
        self._generations: OrderedDict[str, int] = OrderedDict()
        self.last: wire.CompletedOperation | None = None
        self._load()

    def perform(self, operation: Operation, act: Callable[[], list[str]]) -> list[str]:
        """Acts once an id, always where there is none; who repeats an id that is at work waits for it."""
        outcome: Future[list[str]] = Future()
        what = f"{operation.kind} of {operation.subject}"
        with self._lock:
            self._admit(operation)
            known = self._outcomes.get(operation.id)
            if known is None and operation.id:
                self._outcomes[operation.id] = (what, outcome)
                if len(self._outcomes) > _KEPT_MAX:
                    self._outcomes.popitem(last=False)
        if known is None:
            self._act(operation, what, act, outcome)
        elif known[0] != what:
            raise invalid("ate-operation-id", f"{operation.id!r} was {known[0]}, and cannot be {what}")
        else:
            outcome = known[1]
        return outcome.result()

    def _admit(self, operation: Operation) -> None:
        if not operation.generation:
            return
        newest = self._generations.pop(operation.subject, 0)
        self._generations[operation.subject] = max(newest, operation.generation)
        if len(self._generations) > _GENERATIONS_MAX:
            self._generations.popitem(last=False)
        if operation.generation < newest:
            raise not_now(f"generation {operation.generation} of {operation.subject} is over: {newest} was seen")

    def _act(
        self, operation: Operation, what: str, act: Callable[[], list[str]], outcome: Future[list[str]]
    ) -> None:
        error = ""
        try:
            names = act()
            if operation.kind == "checkpoint" and operation.id:
                self._store(operation.id, what, names)
            outcome.set_result(names)
        except Refusal as refusal:
            error = str(refusal)
            outcome.set_exception(refusal)
            if refusal.is_nothing_done:
                with self._lock:
                    self._outcomes.pop(operation.id, None)
        except Exception as fault:
            error = f"{type(fault).__name__}: {fault}"
            outcome.set_exception(failed(error))
        self.last = wire.CompletedOperation(
            operation_id=operation.id, kind=operation.kind, succeeded=not error, error=error
        )

    def _load(self) -> None:
        try:
            stored = json.loads(self._file.read_text())
        except FileNotFoundError:
            return
        self._generations.update(stored["generations"])
        for operation_id, (what, names) in stored["checkpoints"].items():
            outcome: Future[list[str]] = Future()
            outcome.set_result(names)
            self._stored[operation_id] = (what, names)
            self._outcomes[operation_id] = (what, outcome)

    def _store(self, operation_id: str, what: str, names: list[str]) -> None:
        """Whole or not at all, and on the disk before anybody is answered."""
        with self._lock:
            self._stored[operation_id] = (what, names)
            while len(self._stored) > _KEPT_MAX:
                self._stored.pop(next(iter(self._stored)))
            text = json.dumps({"checkpoints": self._stored, "generations": self._generations})
        beside = self._file.with_suffix(".new")
        with beside.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)

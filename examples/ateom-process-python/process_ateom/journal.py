"""Answers a repeated operation id with what came of it the first time, so that a lost reply loses nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from substrate.v1 import extensions_pb2 as wire

from .refusal import Refusal, failed, invalid

_KEPT_MAX = 64


class Journal:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcomes: OrderedDict[str, tuple[str, Future[list[str]]]] = OrderedDict()
        self.last: wire.CompletedOperation | None = None

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
            self._act(kind, operation_id, act, outcome)
        elif known[0] != what:
            raise invalid("ate-operation-id", f"{operation_id!r} was {known[0]}, and cannot be {what}")
        else:
            outcome = known[1]
        return outcome.result()

    def _act(self, kind: str, operation_id: str, act: Callable[[], list[str]], outcome: Future[list[str]]) -> None:
        error = ""
        try:
            outcome.set_result(act())
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

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import grpc

from .network import ACTOR_ADDRESS
from .refusal import failed, invalid

_TRY_TIMEOUT_S = 0.25
_BETWEEN_TRIES_S = 0.001
_TOTAL_TIMEOUT_S = 30
_PATH = re.compile(r"/[!-~]{0,1023}")


@dataclass(frozen=True)
class Readyz:
    path: str
    port: int

    @staticmethod
    def parse(field: str, path: str, port: int) -> Readyz:
        path = path or "/readyz"
        path = path if path.startswith("/") else f"/{path}"
        if not _PATH.fullmatch(path):
            raise invalid(f"{field}.path", "is no path of a URL with at most 1024 characters")
        if not 1 <= port <= 65535:
            raise invalid(f"{field}.port", f"{port} should be between 1 and 65535")
        return Readyz(path, port)


def await_ready(readyz: Readyz, check_alive: Callable[[], None]) -> None:
    """Returns when the actor answered 200; `check_alive` raises where that will never be."""
    deadline = time.monotonic() + _TOTAL_TIMEOUT_S
    connection = http.client.HTTPConnection(ACTOR_ADDRESS, readyz.port, timeout=_TRY_TIMEOUT_S)
    try:
        while True:
            check_alive()
            if _is_ready(connection, readyz):
                return
            if time.monotonic() > deadline:
                where = f"{readyz.path} on port {readyz.port}"
                message = f"the actor did not answer {where} with 200 within {_TOTAL_TIMEOUT_S} s"
                raise failed(message, grpc.StatusCode.DEADLINE_EXCEEDED)
            time.sleep(_BETWEEN_TRIES_S)
    finally:
        connection.close()


def _is_ready(connection: http.client.HTTPConnection, readyz: Readyz) -> bool:
    try:
        connection.request("GET", readyz.path, headers={"Host": f"{ACTOR_ADDRESS}:{readyz.port}"})
        answer = connection.getresponse()
        if answer.status == 200:
            return True
        answer.read(4096)
        if not answer.isclosed():
            connection.close()
    except (OSError, http.client.HTTPException):
        connection.close()
    return False

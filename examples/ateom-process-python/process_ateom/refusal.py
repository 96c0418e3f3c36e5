from __future__ import annotations

import grpc


class Refusal(Exception):
    """An answer that is an error: a gRPC status and a sentence that tells what to do."""

    def __init__(self, code: grpc.StatusCode, message: str, *, is_nothing_done: bool = True) -> None:
        super().__init__(message)
        self.code = code
        # Then the same operation may be asked for again.
        self.is_nothing_done = is_nothing_done


def invalid(field: str, problem: str) -> Refusal:
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, f"{field}: {problem}")


def not_now(message: str) -> Refusal:
    return Refusal(grpc.StatusCode.FAILED_PRECONDITION, message)


def failed(message: str, code: grpc.StatusCode = grpc.StatusCode.INTERNAL) -> Refusal:
    return Refusal(code, message, is_nothing_done=False)

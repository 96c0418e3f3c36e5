from __future__ import annotations

import grpc


class Refusal(Exception):
    """An answer that is an error: a gRPC status and a sentence that tells what to do."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def invalid(field: str, problem: str) -> Refusal:
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, f"{field}: {problem}")


def not_now(message: str) -> Refusal:
    return Refusal(grpc.StatusCode.FAILED_PRECONDITION, message)


def failed(message: str) -> Refusal:
    return Refusal(grpc.StatusCode.INTERNAL, message)

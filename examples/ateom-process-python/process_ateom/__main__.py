"""python -m process_ateom --pod-uid=UID: serves one worker until SIGTERM."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import grpc
from ateom import ateom_pb2_grpc as ateom_rpc
from substrate.v1 import extensions_pb2_grpc as wire_rpc

from .container import missing_programs
from .journal import Journal
from .layout import WorkerPaths, check_label
from .network import ActorNetwork
from .refusal import Refusal
from .service import AteomService, ExtensionsService
from .worker import Worker

# Watches hold a thread each, and calls that wait for their turn.
_THREADS_MAX = 16
_DRAIN_S = 5


def main() -> None:
    parser = argparse.ArgumentParser(prog="process_ateom")
    parser.add_argument("--pod-uid", required=True, help="the worker that this process serves")
    uid = parser.parse_args().pod_uid
    try:
        serve(WorkerPaths(check_label("--pod-uid", uid)))
    except (Refusal, RuntimeError, ValueError, OSError) as error:
        raise SystemExit(f"process_ateom: worker {uid}: {error}") from error


def serve(paths: WorkerPaths) -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if missing := missing_programs():
        raise RuntimeError(f"this machine lacks {', '.join(missing)}")
    paths.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths.socket.unlink(missing_ok=True)
    network = ActorNetwork(paths.netns_name)
    network.open()
    try:
        _serve_until(stop, paths, Worker(paths, network))
    finally:
        network.close()
        paths.socket.unlink(missing_ok=True)


def _serve_until(stop: threading.Event, paths: WorkerPaths, worker: Worker) -> None:
    journal = Journal(paths.directory / "journal.json")
    server = grpc.server(ThreadPoolExecutor(_THREADS_MAX), options=[("grpc.so_reuseport", 0)])
    ateom_rpc.add_AteomServicer_to_server(AteomService(worker, journal), server)
    boot_id = str(uuid.uuid4())
    wire_rpc.add_AteomExtensionsServicer_to_server(ExtensionsService(worker, journal, boot_id), server)
    server.add_insecure_port(f"unix:{paths.socket}")
    server.start()
    print(f"process_ateom: worker {paths.uid}: serving", file=sys.stderr, flush=True)
    try:
        stop.wait()
    finally:
        worker.events.end()
        stopped = server.stop(_DRAIN_S)
        worker.terminate()
        stopped.wait()


if __name__ == "__main__":
    main()

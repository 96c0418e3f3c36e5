from __future__ import annotations

import subprocess

_TIMEOUT_S = 30


def run(*argv: str, text: str | None = None, timeout: float = _TIMEOUT_S) -> str:
    """Runs a program to its end and answers what it printed. Raises RuntimeError with what it said."""
    try:
        done = subprocess.run(argv, input=text, capture_output=True, text=True, timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"{argv[0]}: {error}") from error
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv[:4])} ended with {done.returncode}: {done.stderr.strip()[:1000]}")
    return done.stdout

"""Calling other programs; standard library only."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from installing import ROOT

PATIENCE = 10.0
"""Seconds that a program may take to end once interrupted."""


def call(command: Sequence[str]) -> int:
    """Run a command to its end and tell its exit code; interrupted, let it end in peace."""
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
    # As a shell tells it: killed by signal 9 is 137.
    return code if code >= 0 else 128 - code

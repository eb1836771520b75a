"""Holds the academy's modules and starts the server or the worker from them: quickly, many times.

Each line `NAME` on standard input starts a process, whose number is answered. What a process was
before the fork is what it is after its imports; from there on it is the real one.
"""

from __future__ import annotations

import os
import signal
import sys

from academy import create_app, server, worker

ROLES = {"server": lambda: server.main([]), "worker": worker.main}


def main() -> None:
    """Start what is asked for until nobody asks any more."""
    # Making an academy once imports what is left to import; each process makes its own.
    create_app()
    # Nobody waits for the children here: they are gone at once.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in iter(sys.stdin.readline, ""):
        if not (child := os.fork()):
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(0)
            os._exit(ROLES[line.strip()]())
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

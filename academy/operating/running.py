"""Whether the academy runs: who answers requests or works shares a lock; who replaces the database
has it alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from academy.config import BadSettings

LOCK = "running.lock"


class Runs(Exception):
    """The academy runs, or somebody else is replacing its database. One sentence."""


@contextmanager
def running(home: Path) -> Iterator[None]:
    """Be one of those who use the database, for as long as the process lives or the block lasts.

    Raises BadSettings while the database is being restored or upgraded.
    """
    with _locked(home, fcntl.LOCK_SH) as got:
        if not got:
            raise BadSettings("The database is being restored or upgraded: start again after that.")
        yield


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Keep web server and worker from starting while the block lasts.

    Raises Runs when one of them is there. The lock dies with its process: none is ever left over.
    """
    with _locked(home, fcntl.LOCK_EX) as got:
        if not got:
            raise Runs("The academy is running: stop it first, as with systemctl stop academy.")
        yield


@contextmanager
def _locked(home: Path, kind: int) -> Iterator[bool]:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _try_lock(descriptor, kind)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

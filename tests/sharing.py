"""What takes long to make and is only copied from then on: made once for all processes of a run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Give a folder that the first process to ask for it has made; the others wait for it.

    What could not be made to its end is made anew by the next, in a folder of its own.
    """
    own = folders.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    whole = common / f"{name}-is-whole"
    with (common / f"{name}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            home = folders.mktemp(name) / "home"
            make(home)
            whole.write_text(str(home), encoding="utf-8")
        return Path(whole.read_text(encoding="utf-8"))

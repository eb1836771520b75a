"""What an engine that is measured can do, and how the others are installed."""

from __future__ import annotations

import importlib
import site
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from academy.config import CHECKOUT
from benchmarks.search.asking import Answer, Asked
from courses.search.documents import Document

BUILT = CHECKOUT / "build" / "bench-search"
WANTED = ("tantivy==0.27.0", "psycopg[binary]==3.3.9")


class Away(Exception):
    """An engine cannot be had on this machine; the message says why."""


class Engine(Protocol):
    """An engine with one index in a folder of its own."""

    name: str

    def build(self, documents: Iterable[Document]) -> None:
        """Learn all documents, and be ready to answer."""

    def ask(self, asked: Asked) -> Answer:
        """Answer: the first twenty, the total, and but for mere text the counts of four facets."""

    def close(self) -> None:
        """Let go of everything."""


def install() -> None:
    """Install the engines that come from the package index, for the benchmark alone."""
    home = BUILT / "venv"
    marker = home / "installed"
    if not marker.exists() or marker.read_text(encoding="ascii") != " ".join(WANTED):
        print(f"Installing {' and '.join(WANTED)} for the benchmark ...")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(home / "bin" / "pip"), "install", "-qq"]
        # One that cannot be had leaves out one engine only.
        done = [subprocess.run([*pip, wanted], check=False).returncode for wanted in WANTED]
        if not any(done):
            marker.write_text(" ".join(WANTED), encoding="ascii")
    for folder in home.glob("lib/python*/site-packages"):
        site.addsitedir(str(folder))


def package(name: str) -> Any:
    """Import a package of the benchmark's own. Raises Away without it."""
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        raise Away(f"{name} could not be installed") from missing


def folder_of(home: Path, name: str) -> Path:
    """Make the folder of an engine."""
    folder = home / name
    folder.mkdir(mode=0o700)
    return folder

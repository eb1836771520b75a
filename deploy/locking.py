"""Writing the lock files, with a uv that is thrown away; standard library only."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from calling import call
from installing import ROOT, Failure, check_python, say

RUN_LOCK = ROOT / "deploy" / "requirements.lock"
DEV_LOCK = ROOT / "deploy" / "requirements-dev.lock"
MEANING_LOCK = ROOT / "deploy" / "requirements-meaning.lock"
"""What searching by meaning needs besides the packages of RUN_LOCK."""


def lock() -> int:
    """Write the lock files anew from pyproject.toml."""
    check_python()
    upgrade = ("--upgrade",) if os.environ.get("UPGRADE") else ()
    with tempfile.TemporaryDirectory(prefix="academy-lock-") as name:
        folder = Path(name)
        python = folder / "bin" / "python"
        say("Fetching uv ...")
        _must([sys.executable, "-m", "venv", name])
        pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _must([*pip, "uv"])
        dev, ours, both = (folder / path.name for path in (DEV_LOCK, RUN_LOCK, MEANING_LOCK))
        say("Resolving the dependencies ...")
        shutil.copy(DEV_LOCK, dev)
        _must(_compile(python, dev, "--extra", "dev", *upgrade))
        # Begun from the pins of `make test`, so that `make run` gets the same versions.
        shutil.copy(dev, ours)
        _must(_compile(python, ours))
        _write_pins(both, {**pins(ours), **(pins(MEANING_LOCK) if not upgrade else {})})
        _must(_compile(python, both, "--extra", "meaning"))
        shutil.copy(dev, DEV_LOCK)
        shutil.copy(ours, RUN_LOCK)
        known = pins(ours)
        added = {name: told for name, told in pins(both).items() if name not in known}
        _write_pins(MEANING_LOCK, added)
    say("Written: the three lock files in deploy/.")
    return 0


def pins(path: Path) -> dict[str, str]:
    """Read a lock file: every pin, such as `flask==3.1.2`, with its lines."""
    entries = re.split(r"(?m)^(?=[a-z0-9])", path.read_text(encoding="utf-8"))[1:]
    return {entry.split(" \\", 1)[0]: entry for entry in entries}


def _write_pins(path: Path, told: dict[str, str]) -> None:
    path.write_text("".join(told[name] for name in sorted(told)), encoding="utf-8")


def _compile(python: Path, lock_file: Path, *options: str) -> list[str]:
    return [
        *(str(python), "-m", "uv", "pip", "compile", "--quiet", "--universal"),
        *("--generate-hashes", "--no-emit-index-url", "--no-header", "--python-version", "3.11"),
        *(*options, "--output-file", str(lock_file), "pyproject.toml"),
    ]


def _must(command: Sequence[str]) -> None:
    if call(command):
        raise Failure("The lock files are as they were, because the command above failed.")

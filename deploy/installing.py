"""Making .venv and installing the locked dependencies into it; standard library only."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.sha256"
"""Which lock files are installed: a line `sha256  name` each."""

UNFINISHED = VENV / "unfinished"
"""Stands while something is being made: found by the next run, everything is made again."""

REPORT = VENV / "pip.log"
OLDEST = (3, 11)
NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "Connection refused",
    "Network is unreachable",
    "Temporary failure in name resolution",
)


class Failure(Exception):
    """Why a command cannot go on, in one sentence, and the exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def say(line: str) -> None:
    """Tell the person at the terminal, at once."""
    print(line, flush=True)


def check_python() -> None:
    """Refuse a Python that is too old."""
    if sys.version_info[:2] < OLDEST:
        raise Failure(
            f"Urban Academy needs Python {OLDEST[0]}.{OLDEST[1]} or later, and this is Python"
            f" {sys.version.split()[0]}: name another one, as in PYTHON=python3.12 make run."
        )


def install(lock: Path, *contained: Path) -> None:
    """Have the packages of the lock file in .venv; `contained` locks are parts of it.

    Does nothing when they are there. What an interrupted run left half made is made again.
    Refuses with Failure.
    """
    check_python()
    stamp = "".join(f"{_digest(path)}  {path.name}\n" for path in (lock, *contained))
    try:
        with _alone():
            if _installed(stamp):
                return
            if not _usable():
                _make_venv()
            say("Installing the locked dependencies (about a minute) ...")
            _install_packages(lock)
            STAMP.write_text(stamp, encoding="ascii")
            UNFINISHED.unlink()
    except OSError as error:
        raise Failure(
            f"The folder {ROOT} cannot be written to ({error.strerror}: {error.filename}):"
            " give yourself the right to write there, or use another copy."
        ) from error


def install_if_possible(lock: Path, what: str) -> None:
    """Have packages in .venv too that the academy can do without; say so when that fails.

    `lock` names them alone: what they need besides is installed already. What failed is tried
    again the next time.
    """
    line = f"{_digest(lock)}  {lock.name}\n"
    with _alone():
        if _installed(line):
            return
        say(f"Installing {what} (optional, 32 MB) ...")
        UNFINISHED.touch()
        reason = _reason_not_installed(lock, "--no-deps", "--retries", "0")
        UNFINISHED.unlink()
        if reason:
            say(f"It goes on without {what}, because {reason}.")
            return
        with STAMP.open("a", encoding="ascii") as stamp:
            stamp.write(line)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one run install at a time; the others wait for it."""
    with open(__file__, encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another command that is installing ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _installed(stamp: str) -> bool:
    if not _usable() or not STAMP.is_file():
        return False
    there = STAMP.read_text(encoding="ascii").splitlines()
    return all(line in there for line in stamp.splitlines())


def _usable() -> bool:
    """Whether .venv is whole and made by this version of Python."""
    settings = VENV / "pyvenv.cfg"
    if UNFINISHED.exists() or not os.access(PYTHON, os.X_OK) or not settings.is_file():
        return False
    version = f"version={sys.version_info[0]}.{sys.version_info[1]}."
    lines = settings.read_text(encoding="utf-8").splitlines()
    return any(line.replace(" ", "").startswith(version) for line in lines)


def _make_venv() -> None:
    _check_venv_module()
    say("Making the virtual environment .venv ...")
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != UNFINISHED:
            path.unlink()
    # Inside an activated .venv, this is the Python it was made from.
    python = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run(
        [python, "-m", "venv", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Failure(f"The virtual environment could not be made: {_last_line(made.stdout)}")


def _check_venv_module() -> None:
    # Debian ships `venv` without `ensurepip`, its second half.
    try:
        for module in ("venv", "ensurepip"):
            import_module(module)
    except ImportError as error:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise Failure(
            "This Python cannot make virtual environments: install its venv module,"
            f" as in `sudo apt install {package}`, and run the same command again."
        ) from error


def _install_packages(lock: Path) -> None:
    UNFINISHED.touch()
    reason = _reason_not_installed(lock)
    if not reason:
        return
    # It ended by itself, and then pip has put everything back: nothing is half made.
    UNFINISHED.unlink()
    raise Failure(
        f"The locked dependencies could not be installed, because {reason}: run the same command"
        f" again when that is mended (the whole report is in {REPORT.relative_to(ROOT)})."
    )


def _reason_not_installed(lock: Path, *options: str) -> str:
    """Install what a lock file names; tell why that failed, and nothing when it did not."""
    required = ("--require-hashes", "--only-binary", ":all:", *options, "-r", str(lock))
    if _pip("install", *required) == 0:
        return ""
    report = REPORT.read_text(encoding="utf-8", errors="replace")
    if any(mark in report for mark in NO_NETWORK):
        return "the package index cannot be reached"
    errors = [line for line in report.splitlines() if line.startswith("ERROR: ")]
    reason = errors[-1][len("ERROR: ") :] if errors else _last_line(report)
    return reason.split(". ")[0].rstrip(".")


def _pip(*arguments: str) -> int:
    """Run pip with its report in a file; at a terminal, show where it is."""
    command = [str(PYTHON), "-m", "pip", "--no-input", "--disable-pip-version-check", *arguments]
    with REPORT.open("w", encoding="utf-8") as report:
        return _follow(command, report)


def _follow(command: Sequence[str], report: TextIO) -> int:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    ) as process:
        try:
            for line in process.stdout or ():
                report.write(line)
                _show(line)
        except KeyboardInterrupt:
            process.terminate()
            raise
        finally:
            _show("")
    return process.returncode


def _show(line: str) -> None:
    if not sys.stdout.isatty():
        return
    what = " ".join(line.split()[:2]) if line.startswith(("Collecting", "Installing")) else ""
    if what or not line:
        print(f"\r\x1b[K{what}", end="", flush=True)


def _last_line(text: str) -> str:
    return next(reversed(text.strip().splitlines()), "no reason was given")

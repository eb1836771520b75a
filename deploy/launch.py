"""The commands behind `make`, run by the system's Python before anything is installed.

Standard library only, and readable by old Pythons, so that they can be told they are too old.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType

from calling import call
from installing import (
    PYTHON,
    ROOT,
    UNFINISHED,
    VENV,
    Failure,
    install,
    install_if_possible,
    say,
)
from locking import DEV_LOCK, MEANING_LOCK, RUN_LOCK, lock

ABREAST = ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder")
STEPS = (
    ("Lint", "ruff check", ("-m", "ruff", "check", ".")),
    ("Formatting", "ruff format --check", ("-m", "ruff", "format", "--check", ".")),
    ("Types", "mypy --strict", ("-m", "mypy", "--strict")),
    ("Architecture", "lint-imports", (str(VENV / "bin" / "lint-imports"),)),
    ("Tests", "pytest", ("-m", "pytest", *ABREAST)),
)
# Watching which lines run doubles the time; whole servers, workers and browsers are left out.
MEASURED = ("-m", "coverage", "run", "-m", "pytest", *ABREAST, "-m", "not (slow or browser)")
COVERAGE = (
    ("Coverage", "coverage erase", ("-m", "coverage", "erase")),
    ("Tests", "pytest with coverage", MEASURED),
    ("Coverage", "coverage report", ("-m", "coverage", "report")),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LEFTOVERS = (
    *(".venv", "build", ".coverage", "htmlcov", ".hypothesis"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"),
)


def run() -> int:
    """Install what is missing, then become the academy."""
    install_only()
    os.environ.setdefault("ACADEMY_ENV", "development")
    return _become("-m", "academy")


def serve() -> int:
    """Install what is missing, then become the academy for everybody, behind a proxy of ours."""
    install_only()
    return _become("-m", "academy", "serve")


def install_only() -> int:
    """Install what is missing, and start nothing."""
    install(RUN_LOCK)
    if os.environ.get("SEARCH_MEANING", "on") != "off":
        install_if_possible(MEANING_LOCK, "the encoder for searching by meaning")
    return 0


def test() -> int:
    """Run every check; the first that fails ends it with its exit code."""
    install(DEV_LOCK, RUN_LOCK)
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        _heading("Browser", "make browser")
        browser()
    _take(STEPS)
    if _browser_on_path() is None:
        say("The browser tests were skipped: `make browser` installs what they need.")
    return 0


def coverage() -> int:
    """Run the shorter tests once more, and tell which lines they never reach."""
    install(DEV_LOCK, RUN_LOCK)
    _take(COVERAGE)
    return 0


def browser() -> int:
    """Install Debian's Chromium for the browser tests, unless a browser is there."""
    present = _browser_on_path()
    if present is not None:
        say(f"A browser is installed: {present}")
        return 0
    if shutil.which("apt-get") is None:
        raise Failure("Chromium could not be installed, because there is no apt-get here.")
    for arguments in (("update",), ("install", "--yes", "--no-install-recommends", "chromium")):
        say(f"apt-get {' '.join(arguments)} ...")
        code = call([*_as_root(), "apt-get", "--quiet", *arguments])
        if code:
            raise Failure(
                f"Chromium could not be installed: `apt-get {arguments[0]}` failed"
                f" with exit code {code}."
            )
    if _browser_on_path() is None:
        raise Failure("Chromium was installed with apt-get, but it is not on the PATH.")
    return 0


def bench(module: str = "benchmarks") -> int:
    """Measure the speed of the academy, or what else a module measures."""
    if not (ROOT / "benchmarks" / "__main__.py").is_file():
        raise Failure("This checkout has no benchmarks: benchmarks/__main__.py is missing.")
    install_only()
    return _become("-m", module)


def translations() -> int:
    """Find every sentence anew, carry it into each language, and say what is untranslated."""
    install(RUN_LOCK)
    return _become("deploy/translating.py")


def clean() -> int:
    """Remove .venv, caches and what was built; keep var/, where the data is."""
    folders = [ROOT / name for name in LEFTOVERS]
    caches = [
        path
        for top in ROOT.iterdir()
        if top.is_dir() and top.name not in {".git", ".venv", "var"}
        for path in (top, *top.rglob("__pycache__"))
        if path.name == "__pycache__"
    ]
    for path in (*folders, *caches):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
    say("Removed .venv, caches and what was built; the data in var/ is kept.")
    return 0


def usage() -> int:
    """List the commands."""
    for name, (_, summary) in COMMANDS.items():
        say(f"  make {name:<12} {summary}")
    return 0


COMMANDS: dict[str, tuple[Callable[[], int], str]] = {
    "run": (run, "start the academy on this machine: http://127.0.0.1:8000"),
    "install": (install_only, "install what the academy needs, without starting it"),
    "serve": (serve, "run it for everybody, behind a proxy: see docs/operating.md"),
    "test": (test, "run every check: lint, formatting, types, architecture, tests"),
    "coverage": (coverage, "tell which lines the shorter tests never reach"),
    "browser": (browser, "install Chromium for the browser tests (apt-get)"),
    "bench": (bench, "measure the speed"),
    "bench-search": (partial(bench, "benchmarks.search"), "measure search beside other engines"),
    "relevance": (partial(bench, "benchmarks.relevance"), "measure how well search finds"),
    "lock": (lock, "write the lock files anew; UPGRADE=1 make lock takes newer versions"),
    "translations": (translations, "gather the sentences, compile the languages, say what lacks"),
    "clean": (clean, "remove .venv, caches and what was built; keep the data"),
    "help": (usage, "list these commands"),
}


def _take(steps: Sequence[tuple[str, str, tuple[str, ...]]]) -> None:
    """Take some steps; the first that fails ends all with its exit code."""
    for title, what, arguments in steps:
        _heading(title, what)
        code = call([str(PYTHON), *arguments])
        if code:
            raise Failure(f"{title} ({what}) failed with exit code {code}.", code)


def _browser_on_path() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _as_root() -> list[str]:
    """What to put before a command that needs the rights of root."""
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo") is None:
        raise Failure("Chromium could not be installed: that needs root, and there is no sudo.")
    return ["sudo", "env", "DEBIAN_FRONTEND=noninteractive"]


def _heading(title: str, what: str) -> None:
    say(f"\n=== {title}: {what} ===")


def _become(*arguments: str) -> int:
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), *arguments])


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> int:
    """Carry out one command and tell its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        command, _ = COMMANDS.get(" ".join(arguments), COMMANDS["help"])
        return command()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        rest = " while installing: the next run begins that again" if UNFINISHED.exists() else ""
        print(f"Interrupted{rest}.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

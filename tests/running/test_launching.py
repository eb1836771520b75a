"""The commands behind `make`, up to where they would fetch something from a network."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.running.processes import CHECKOUT, LIMIT

NOBODY = 65534
PARTS = ("launch.py", "calling.py", "installing.py", "locking.py")
LOCKS = ("requirements-dev.lock", "requirements.lock", "requirements-meaning.lock")
TOO_OLD = """
import runpy, sys
sys.version_info = (3, 10, 4, "final", 0)
sys.version = "3.10.4 (an old one)"
sys.argv = ["launch.py", "run"]
sys.path.insert(0, "deploy")
runpy.run_path("deploy/launch.py", run_name="__main__")
"""
TOOL = """#!/bin/sh
echo "$@"
case "$*" in *{fails}*) exit 7;; esac
"""
"""Stands for the Python of .venv: says what it was asked, and fails at one word."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing installed."""
    return copy_of_the_launcher(tmp_path)


def copy_of_the_launcher(folder: Path) -> Path:
    (folder / "deploy").mkdir()
    for name in (*PARTS, *LOCKS):
        shutil.copy(CHECKOUT / "deploy" / name, folder / "deploy" / name)
    shutil.copy(CHECKOUT / "Makefile", folder / "Makefile")
    return folder


def outside() -> dict[str, str]:
    """The environment without what the `make test` that may be running this has put there."""
    ours = ("CI", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "COVERAGE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def launch(
    checkout: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Run `python deploy/launch.py ...` to its end: exit code, output, errors."""
    ended = subprocess.run(
        [sys.executable, *(arguments or ("deploy/launch.py", "run"))],
        cwd=checkout,
        env={**outside(), **(env or {})},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def put_tool(checkout: Path, fails: str) -> None:
    """Pretend that everything is installed, with a Python that fails at one word."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    python = checkout / ".venv" / "bin" / "python"
    python.write_text(TOOL.format(fails=fails), encoding="ascii")
    python.chmod(0o755)
    version = f"version = {sys.version_info[0]}.{sys.version_info[1]}.0\n"
    (checkout / ".venv" / "pyvenv.cfg").write_text(version, encoding="ascii")
    told = {name: (checkout / "deploy" / name).read_bytes() for name in LOCKS}
    stamp = "".join(f"{hashlib.sha256(lock).hexdigest()}  {name}\n" for name, lock in told.items())
    (checkout / ".venv" / "installed.sha256").write_text(stamp, encoding="ascii")


def test_a_python_that_is_too_old_is_told_so(checkout: Path) -> None:
    assert launch(checkout, "-c", TOO_OLD) == (
        1,
        "",
        "Urban Academy needs Python 3.11 or later, and this is Python 3.10.4:"
        " name another one, as in PYTHON=python3.12 make run.\n",
    )


@pytest.mark.parametrize("name", PARTS)
def test_old_pythons_can_read_what_tells_them(name: str) -> None:
    source = (CHECKOUT / "deploy" / name).read_text(encoding="utf-8")
    assert ast.parse(source, feature_version=(3, 7)).body != []


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_named_with_its_package(
    checkout: Path, tmp_path: Path, module: str
) -> None:
    absent = tmp_path / "absent" / module
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ImportError", encoding="ascii")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert launch(checkout, env={"PYTHONPATH": str(absent.parent)}) == (
        1,
        "",
        "This Python cannot make virtual environments: install its venv module, as in"
        f" `sudo apt install python{version}-venv`, and run the same command again.\n",
    )
    assert not (checkout / ".venv").exists()


def test_a_folder_that_cannot_be_made_is_named(checkout: Path) -> None:
    (checkout / ".venv").write_text("in the way", encoding="ascii")
    assert launch(checkout) == (
        1,
        "Making the virtual environment .venv ...\n",
        f"The folder {checkout} cannot be written to (File exists: {checkout}/.venv):"
        " give yourself the right to write there, or use another copy.\n",
    )


@pytest.fixture
def closed_checkout() -> Iterator[Path]:
    """A checkout that everybody may read and only its owner may write."""
    with tempfile.TemporaryDirectory() as name:
        folder = copy_of_the_launcher(Path(name))
        for path in (folder, folder / "deploy"):
            path.chmod(0o555)
        yield folder
        for path in (folder, folder / "deploy"):
            path.chmod(0o755)


def python_for_nobody() -> str | None:
    """A Python that may be run by a person without rights: for root, somebody else."""
    for python in (sys.executable, "/usr/bin/python3"):
        asked = "import sys; sys.exit(sys.version_info < (3, 11))"
        try:
            command = [python, "-c", asked]
            subprocess.run(command, env=outside(), user=unprivileged(), check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    return None


def unprivileged() -> int | None:
    return NOBODY if os.geteuid() == 0 else None


def test_a_folder_without_the_right_to_write_is_named(closed_checkout: Path) -> None:
    python = python_for_nobody()
    if python is None:
        pytest.skip("no Python 3.11 that a person without rights may run")
    ended = subprocess.run(
        [python, "deploy/launch.py", "run"],
        cwd=closed_checkout,
        env=outside(),
        user=unprivileged(),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (
        1,
        f"The folder {closed_checkout} cannot be written to"
        f" (Permission denied: {closed_checkout}/.venv):"
        " give yourself the right to write there, or use another copy.\n",
    )


def test_what_is_installed_is_not_installed_again(checkout: Path) -> None:
    put_tool(checkout, fails="nothing")
    assert launch(checkout) == (0, "-m academy\n", "")


def test_the_checks_run_in_order(checkout: Path) -> None:
    put_tool(checkout, fails="nothing")
    code, output, errors = launch(checkout, "deploy/launch.py", "test")
    headings = [line for line in output.splitlines() if line.startswith("===")]
    assert (code, errors) == (0, "")
    assert headings == [
        "=== Lint: ruff check ===",
        "=== Formatting: ruff format --check ===",
        "=== Types: mypy --strict ===",
        "=== Architecture: lint-imports ===",
        "=== Tests: pytest ===",
    ]


def test_the_first_check_that_fails_ends_all_with_its_exit_code(checkout: Path) -> None:
    put_tool(checkout, fails="mypy")
    code, output, errors = launch(checkout, "deploy/launch.py", "test")
    assert (code, errors) == (7, "Types (mypy --strict) failed with exit code 7.\n")
    assert output.splitlines()[-1] == "-m mypy --strict"


def test_a_machine_without_apt_is_told_that_it_gets_no_browser(checkout: Path) -> None:
    assert launch(checkout, "deploy/launch.py", "browser", env={"PATH": ""}) == (
        1,
        "",
        "Chromium could not be installed, because there is no apt-get here.\n",
    )


def test_under_ci_a_missing_browser_ends_the_checks(checkout: Path) -> None:
    put_tool(checkout, fails="nothing")
    code, output, errors = launch(
        checkout, "deploy/launch.py", "test", env={"PATH": "", "CI": "true"}
    )
    assert (code, output) == (1, "\n=== Browser: make browser ===\n")
    assert errors == "Chromium could not be installed, because there is no apt-get here.\n"


def test_clean_keeps_the_data(checkout: Path) -> None:
    put_tool(checkout, fails="nothing")
    for folder in ("var", "deploy/__pycache__", "build"):
        (checkout / folder).mkdir(exist_ok=True)
    code, _, errors = launch(checkout, "deploy/launch.py", "clean")
    assert (code, errors) == (0, "")
    assert sorted(path.name for path in checkout.iterdir()) == ["Makefile", "deploy", "var"]
    assert not (checkout / "deploy" / "__pycache__").exists()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_lists_the_commands(checkout: Path) -> None:
    listed = subprocess.run(
        ["make", f"PYTHON={sys.executable}"],
        env=outside(),
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
    )
    words = [line.split()[:2] for line in listed.stdout.splitlines()]
    names = "run install serve test coverage browser bench bench-search relevance lock"
    every = [*names.split(), "translations", "clean", "help"]
    assert words == [["make", name] for name in every]

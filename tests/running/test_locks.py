"""The lock files: what is installed is what was tested, from whatever index."""

from __future__ import annotations

import re

import pytest

from tests.running.processes import CHECKOUT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-meaning.lock")


def entries(name: str) -> dict[str, str]:
    """Every package as it is pinned, with its hashes."""
    text = (CHECKOUT / "deploy" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    return {line.split(" --hash")[0].strip(): line for line in lines}


def test_the_checks_run_with_what_the_academy_runs_with() -> None:
    run, dev, meaning = (set(entries(name)) for name in LOCKS)
    assert run - dev == set()
    assert len(run) > 20
    assert meaning & dev == set()


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    loose = [
        pin
        for pin, line in entries(name).items()
        if not re.match(r"[a-z0-9.-]+==[^ ]+", pin) or "--hash=sha256:" not in line
    ]
    assert loose == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str) -> None:
    text = (CHECKOUT / "deploy" / name).read_text(encoding="utf-8")
    assert re.findall(r".*(?:://|--index|--find-links).*", text) == []

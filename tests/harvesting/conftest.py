"""What the tests of harvesting can ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.harvesting.commanded import ROWS
from tests.harvesting.harvested import table
from tests.making import make_institution


@pytest.fixture
def feed(app: Flask, tmp_path: Path) -> Path:
    """A partner's table in a file, beside an academy that knows the partner."""
    assert app.name
    make_institution()
    file = tmp_path / "feed.csv"
    file.write_bytes(table(*ROWS))
    return file


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that cannot be had are asked for once more without a pause."""
    monkeypatch.setattr("courses.harvesting.harvests.fetching.AGAIN_AFTER", 0.0)

"""What every test can ask for: an academy of its own, people, offers, a real server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import pytest
from coverage import Coverage
from flask import Flask
from flask.testing import FlaskClient

from academy import create_app
from academy.accounts.models import Person
from academy.config import Settings
from academy.db import db, unit_of_work
from academy.preparing import prepare
from courses.vocabularies.operations import sync
from tests.corpus import SAMPLE
from tests.making import make_person, settings_for
from tests.measuring import unmeasured as not_measured
from tests.serving import Site, serving
from tests.sharing import made_once
from tests.sparing import spare_time, spare_what_stays
from tests.visiting import Visitor

spare_time()
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LONG = {"slow", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files that take long, so that in the end no process is busy with one alone."""
    long = {item.path for item in items for mark in item.iter_markers() if mark.name in LONG}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: nothing of it is garbage."""
    spare_what_stays()


def pytest_sessionfinish() -> None:
    """Keep what coverage saw: a process that then takes long to end is ended from outside."""
    if measuring := Coverage.current():
        measuring.save()


@pytest.fixture(scope="session")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the vocabularies, made once; copy it, never use it."""
    return made_once(tmp_path_factory, "bare", _make_bare_home)


def _make_bare_home(home: Path) -> None:
    app = create_app(settings_for(home))
    with app.app_context():
        flask_migrate.upgrade()
        with unit_of_work():
            sync()
        db.engine.dispose()


@pytest.fixture(scope="session")
def demonstration_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration network, indexed, made once; copy it, never use it."""
    return made_once(tmp_path_factory, "demonstration", _make_demonstration_home)


def _make_demonstration_home(home: Path) -> None:
    app = create_app(settings_for(home, development=True))
    prepare(app, lambda _line: None)
    with app.app_context():
        db.engine.dispose()


@contextmanager
def academy_of(home: Path, copy: Path, **settings: object) -> Iterator[Flask]:
    """Open an academy on a copy of a home; no application context is open."""
    shutil.copytree(home, copy)
    app = create_app(settings_for(copy, **settings))
    yield app
    close(app)


def close(app: Flask) -> None:
    """Let go of the database of an academy."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def academy(bare_home: Path, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make an academy with a database of its own; keywords are settings."""
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        home = tmp_path / f"home{len(made)}"
        shutil.copytree(bare_home, home)
        made.append(create_app(settings_for(home, **settings)))
        return made[-1]

    yield make
    for app in made:
        close(app)


@pytest.fixture
def app(academy: Callable[..., Flask]) -> Iterator[Flask]:
    """An empty academy, inside its application context."""
    made = academy()
    with made.app_context():
        yield made
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of the empty academy."""
    return app.test_client()


@pytest.fixture
def ana(app: Flask) -> Person:
    """Somebody with an account."""
    return make_person()


@pytest.fixture
def visitor(app: Flask, ana: Person) -> Visitor:
    """Ana at her browser."""
    return Visitor(app, ana)


@pytest.fixture
def demonstration(demonstration_home: Path, tmp_path: Path) -> Iterator[Flask]:
    """A copy of the demonstration network with its index; no application context is open."""
    copy = tmp_path / "demonstration"
    with academy_of(demonstration_home, copy, development=True) as app:
        yield app


@pytest.fixture(scope="module")
def shown(demonstration_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration network, to be read only; no application context is open."""
    copy = tmp_path_factory.mktemp("shown") / "home"
    with academy_of(demonstration_home, copy, development=True) as app:
        yield app


@pytest.fixture
def site(demonstration: Flask) -> Iterator[Site]:
    """The demonstration network behind the real web server, with its worker."""
    settings: Settings = demonstration.config["SETTINGS"]
    with serving(settings) as running:
        yield running


@pytest.fixture
def unmeasured() -> Iterator[None]:
    """Coverage looks away during the test: what it runs is run by other tests too."""
    with not_measured():
        yield


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder with the sample of real feeds; tests that need it are skipped elsewhere."""
    if not (SAMPLE / "courses.jsonl").exists():
        pytest.skip("the sample of real feeds does not stand beside the checkout")
    return SAMPLE

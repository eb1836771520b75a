"""Backups and restores where the database is PostgreSQL, with a server of the test's own."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.health import WORKER, beat
from academy.operating.backups import backups, make_backup
from academy.operating.manifest import BadBackup, check_file, manifest_of
from academy.operating.restoring import restore
from academy.operating.running import Runs
from academy.operating.upgrading import upgrade
from courses.vocabularies.operations import sync
from tests.house.test_postgresql import empty, server  # noqa: F401 - fixtures
from tests.making import NOW, make_offer, make_person
from tests.operating.test_backups import settings_of
from tests.operating.test_restoring import let_go, make_again, silent


@pytest.fixture
def filled(empty: Flask) -> Flask:  # noqa: F811
    """An academy on PostgreSQL with a person and an offer."""
    if shutil.which("pg_dump") is None:
        pytest.skip("PostgreSQL's tools are not on the PATH")
    flask_migrate.upgrade()
    with unit_of_work():
        sync()
    make_person()
    make_offer()
    let_go()
    return empty


def test_what_is_restored_is_what_was_backed_up(filled: Flask, tmp_path: Path) -> None:
    file, manifest = make_backup(settings_of(filled), tmp_path / "b", now=NOW)
    assert (file.name, manifest_of(file)) == ("academy-20261122T120000Z.dump", manifest)
    assert (manifest.tables["people"], manifest.tables["offers"]) == (1, 1)
    make_person("later@example.org")
    let_go()
    kept = restore(filled, file, make=make_again, now=NOW + timedelta(hours=1), say=silent)
    assert [row.email for row in db.session.query(Person)] == ["ana@example.org"]
    let_go()
    assert manifest_of(Path(kept)).tables["people"] == 2


def test_a_damaged_dump_changes_nothing(filled: Flask, tmp_path: Path) -> None:
    file, manifest = make_backup(settings_of(filled), tmp_path / "b", now=NOW)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BadBackup, match="is damaged"):
        restore(filled, file, make=make_again, now=NOW, say=silent)
    with pytest.raises(BadBackup):
        check_file(file, manifest)
    assert db.session.query(Person).count() == 1
    let_go()


def test_while_a_worker_beats_nothing_is_replaced(filled: Flask, tmp_path: Path) -> None:
    file, _ = make_backup(settings_of(filled), tmp_path / "b", now=NOW)
    now = utcnow()
    with unit_of_work():
        beat(WORKER, now=now, details={})
    let_go()
    with pytest.raises(Runs, match="A worker beats on this database"):
        restore(filled, file, make=make_again, now=now, say=silent)
    with pytest.raises(Runs):
        upgrade(filled, now=now, say=silent)


def test_an_upgrade_makes_a_backup_first(filled: Flask) -> None:
    upgrade(filled, now=utcnow(), say=silent)
    [backup] = backups(settings_of(filled).home / "backups")
    assert manifest_of(backup.file).tables["people"] == 1


def test_a_tool_that_is_missing_is_named(
    filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadBackup) as refusal:
        make_backup(settings_of(filled), tmp_path / "b", now=NOW)
    assert str(refusal.value) == "pg_dump is missing: apt-get install postgresql-client."
    assert [path.name for path in (tmp_path / "b").iterdir()] == [".lock"]

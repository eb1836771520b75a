"""Restoring: elsewhere, in place, interrupted, refused; and what must not come back with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pytest
from flask import Flask

from academy import create_app
from academy.accounts.operations import start_session
from academy.config import Settings
from academy.db import db, unit_of_work, utcnow
from academy.health import newest_revision
from academy.notices.models import Group, Notice, NoticeState
from academy.operating.backups import make_backup
from academy.operating.manifest import BadBackup
from academy.operating.restoring import restore
from academy.operating.running import Runs, running
from academy.privacy.operations import erase
from academy.privacy.registry import everything_kept
from academy.tokens.models import ApiToken
from courses.search.store import index
from tests.making import NOW, make_offer, make_person, settings_for
from tests.operating.operated import BEFORE, asked, counted, database_of_before, flask, production
from tests.operating.test_backups import die_at_moments, settings_of

MADE_ANEW = {"sessions", "stale_offers", "terms", "offer_words", "related_offers"}
"""What a restored academy forgets or brings up to date by itself."""


def silent(_line: str) -> None:
    """Tell nobody."""


def make_again(settings: Settings) -> Flask:
    """Make an academy as the command does."""
    return create_app(settings)


def let_go() -> None:
    """Close the database of the academy whose context is open."""
    db.session.remove()
    db.engine.dispose()


def told(file: Path) -> dict[str, int]:
    """Count the rows that a restored academy shares with its backup."""
    return {name: rows for name, rows in counted(file).items() if name not in MADE_ANEW}


@pytest.fixture
def backup(app: Flask, tmp_path: Path) -> Path:
    """A backup of an academy with an offer and a person who is signed in; nothing is open."""
    make_offer()
    person = make_person()
    with unit_of_work():
        start_session(db.session.merge(person), agent="", days=1, now=utcnow())
    let_go()
    return make_backup(settings_of(app), tmp_path / "backups", now=NOW)[0]


def test_restored_elsewhere_it_is_what_was_backed_up(backup: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    shutil.copytree(backup.parent, away)
    home = tmp_path / "other"
    restored = flask(production(home), "backup", "restore", str(away / backup.name))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert restored.stdout.splitlines()[-1] == "Restored. Everybody signs in again."
    assert told(home / "academy.sqlite") == told(backup)
    assert asked(home / "academy.sqlite", "PRAGMA integrity_check") == [("ok",)]
    assert (index.is_whole(home / "index"), len(index.numbers(home / "index"))) == (True, 1)


def test_nobody_is_signed_in_afterwards(app: Flask, backup: Path) -> None:
    database = settings_of(app).home / "academy.sqlite"
    assert asked(backup, "SELECT count(*) FROM sessions") == [(1,)]
    restore(app, backup, make=make_again, now=NOW, say=silent)
    assert asked(database, "SELECT count(*) FROM sessions") == [(0,)]


def test_what_was_there_is_kept_beside(app: Flask, backup: Path) -> None:
    make_person("later@example.org")
    let_go()
    database = settings_of(app).home / "academy.sqlite"
    before = counted(database)
    kept = restore(app, backup, make=make_again, now=NOW, say=silent)
    assert kept == str(database.with_name("academy-before-20261122T120000Z.sqlite"))
    assert counted(Path(kept)) == before
    assert asked(database, "SELECT email FROM people") == [("ana@example.org",)]


def test_a_mail_that_went_out_since_is_not_sent_again(app: Flask, tmp_path: Path) -> None:
    with unit_of_work():
        for key in ("went out", "still waits"):
            db.session.add(
                Notice(
                    dedupe_key=key,
                    kind="test",
                    group=Group.ACCOUNT,
                    address="a@example.org",
                    made_at=NOW,
                    due_at=NOW,
                )
            )
    let_go()
    file, _ = make_backup(settings_of(app), tmp_path / "b", now=NOW)
    with unit_of_work():
        sent = db.session.query(Notice).filter_by(dedupe_key="went out").one()
        sent.state, sent.sent_at = NoticeState.SENT, NOW + timedelta(minutes=1)
    let_go()
    restore(app, file, make=make_again, now=NOW + timedelta(hours=1), say=silent)
    states = asked(
        settings_of(app).home / "academy.sqlite", "SELECT dedupe_key, state FROM notices"
    )
    assert sorted(states) == [("still waits", "waiting"), ("went out", "dropped")]


def test_a_door_that_was_closed_since_stays_closed(app: Flask, tmp_path: Path) -> None:
    person = make_person()
    with unit_of_work():
        for name in ("old", "new"):
            db.session.add(
                ApiToken(
                    person_id=person.id,
                    name=name,
                    token_hash=name * 20,
                    ending="abcd",
                    scopes=[],
                    made_at=NOW,
                    expires_at=NOW + timedelta(days=1),
                )
            )
    let_go()
    file, _ = make_backup(settings_of(app), tmp_path / "b", now=NOW)
    with unit_of_work():
        token = db.session.query(ApiToken).filter_by(name="old").one()
        token.revoked_at = db.session.merge(person).blocked_at = NOW + timedelta(minutes=1)
    let_go()
    restore(app, file, make=make_again, now=NOW + timedelta(hours=1), say=silent)
    database = settings_of(app).home / "academy.sqlite"
    revoked = asked(database, "SELECT name, revoked_at IS NOT NULL FROM api_tokens ORDER BY name")
    assert revoked == [("new", 0), ("old", 1)]
    assert asked(database, "SELECT blocked_at IS NOT NULL FROM people") == [(1,)]


def test_whoever_was_erased_since_is_erased_again(app: Flask, tmp_path: Path) -> None:
    person = make_person()
    let_go()
    file, _ = make_backup(settings_of(app), tmp_path / "b", now=NOW)
    with unit_of_work():
        erase(db.session.merge(person), everything_kept(), now=NOW + timedelta(minutes=1))
    let_go()
    restore(app, file, make=make_again, now=NOW + timedelta(hours=1), say=silent)
    database = settings_of(app).home / "academy.sqlite"
    assert asked(database, "SELECT name, erased_at IS NOT NULL FROM people") == [("", 1)]


def test_while_the_academy_runs_nothing_is_restored(app: Flask, backup: Path) -> None:
    home = settings_of(app).home
    before = counted(home / "academy.sqlite")
    with running(home), pytest.raises(Runs):
        restore(app, backup, make=make_again, now=NOW, say=silent)
    assert counted(home / "academy.sqlite") == before


def test_a_damaged_backup_changes_nothing(app: Flask, backup: Path) -> None:
    home = settings_of(app).home
    before = (counted(home / "academy.sqlite"), sorted(path.name for path in home.iterdir()))
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 0xFF
    backup.write_bytes(content)
    with pytest.raises(BadBackup, match="is damaged"):
        restore(app, backup, make=make_again, now=NOW, say=silent)
    after = (counted(home / "academy.sqlite"), sorted(path.name for path in home.iterdir()))
    assert after == before


def test_a_backup_of_a_newer_version_is_refused(app: Flask, tmp_path: Path) -> None:
    with unit_of_work():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'feedfacecafe'"))
    let_go()
    file, _ = make_backup(settings_of(app), tmp_path / "b", now=NOW)
    with pytest.raises(BadBackup, match="which this version of the academy does not know"):
        restore(app, file, make=make_again, now=NOW, say=silent)


def test_a_backup_of_the_release_before_is_brought_up(tmp_path: Path) -> None:
    database_of_before(tmp_path / "old")
    file, manifest = make_backup(settings_for(tmp_path / "old"), tmp_path / "b", now=NOW)
    assert manifest.revision == BEFORE
    restored = flask(production(tmp_path / "new"), "backup", "restore", str(file))
    assert (restored.returncode, restored.stderr) == (0, "")
    database = tmp_path / "new" / "academy.sqlite"
    assert asked(database, "SELECT version_num FROM alembic_version") == [(newest_revision(),)]
    kept = {name: rows for name, rows in told(database).items() if name in manifest.tables}
    assert kept == {name: manifest.tables[name] for name in kept}


def test_a_damaged_database_is_kept_and_replaced(app: Flask, backup: Path) -> None:
    database = settings_of(app).home / "academy.sqlite"
    database.write_bytes(b"\xff" * 50_000)
    kept = restore(app, backup, make=make_again, now=NOW, say=silent)
    assert Path(kept).read_bytes() == b"\xff" * 50_000
    assert told(database) == told(backup)


def test_killed_at_any_moment_there_is_one_whole_database(
    app: Flask, backup: Path, academy: Callable[..., Flask]
) -> None:
    home = settings_of(app).home
    database = home / "academy.sqlite"
    begun = perf_counter()
    restore(app, backup, make=make_again, now=NOW, say=silent)
    whole = perf_counter() - begun
    make_person("later@example.org")
    let_go()
    mine, theirs, died = told(database), told(backup), 0
    seen = set()

    def begin(number: int) -> None:
        now = NOW + timedelta(minutes=number)
        restore(app, backup, make=make_again, now=now, say=silent)

    for killed in die_at_moments(20, whole, begin):
        died += killed
        assert asked(database, "PRAGMA integrity_check") == [("ok",)]
        found = told(database)
        assert found in (mine, theirs)
        seen.add(found == mine)
        for kept in home.glob("academy-before-*.sqlite"):
            assert asked(kept, "PRAGMA integrity_check") == [("ok",)]
    assert died > 5
    assert True in seen
    restore(app, backup, make=make_again, now=NOW + timedelta(days=1), say=silent)
    assert told(database) == theirs
    assert list(home.glob("*.restoring*")) == []

"""Migrations go both ways, agree with the models, and lose nothing on the way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, create_engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from academy import create_app
from academy.accounts.operations import start_session
from academy.db import db, unit_of_work
from academy.health import newest_revision
from academy.institutions.models import MemberRole
from academy.institutions.operations import appoint
from academy.institutions.queries import institution_by_slug
from tests.house.schemas import constraint_names, schema
from tests.house.sources import ROOT
from tests.making import NOW, make_offer, make_person, settings_for

NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "feedfacecafe", {head!r}
branch_labels = depends_on = None


def upgrade():
    {body}


def downgrade():
    pass
"""
REBUILD = """
    for table in ("institutions", "people", "offers", "runs", "terms"):
        with op.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(sa.Column("colour", sa.String(20)))
"""
CUT_OFF = 'op.execute("DELETE FROM institutions")'
BREAK_OFF = """
    op.create_table("halves", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("DELETE FROM people")
    raise ValueError("the machine went away")
"""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An academy whose database has no tables yet."""
    app = create_app(settings_for(tmp_path / "home"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def full(app: Flask) -> Flask:
    """An academy in which every parent has children."""
    person = make_person()
    make_offer()
    with unit_of_work():
        start_session(person, agent="", days=1, now=NOW)
        appoint(person, institution_by_slug("river-school"), MemberRole.OWNER, now=NOW)
    return app


def with_next(folder: Path, body: str) -> str:
    """Copy the migrations and write one more behind the last."""
    shutil.copytree(ROOT / "migrations", folder)
    head = ScriptDirectory(str(folder)).get_current_head()
    written = NEXT.format(head=head, body=body.strip())
    (folder / "versions" / "29990101_0000_one_more.py").write_text(written, encoding="utf-8")
    return str(folder)


def rows() -> dict[str, int]:
    """Count the rows of every table."""
    counted = {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    return counted


def version() -> str:
    """Tell at which migration the database is."""
    found = str(db.session.scalar(text("SELECT version_num FROM alembic_version")))
    db.session.rollback()
    return found


def checks_references() -> bool:
    """Whether the database refuses to orphan rows, on the connections that are in use."""
    asked = bool(db.session.scalar(text("PRAGMA foreign_keys")))
    db.session.rollback()
    try:
        with unit_of_work():
            db.session.execute(text("DELETE FROM institutions"))
    except IntegrityError:
        return asked
    return False


def of_models(connection: Connection) -> list[object]:
    """List what a new migration would have to do."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, db.metadata))


def test_there_is_one_way_up() -> None:
    found = ScriptDirectory(str(ROOT / "migrations"))
    assert (len(found.get_heads()), len(found.get_bases())) == (1, 1)
    assert newest_revision() == found.get_current_head()


def test_from_nothing_to_the_last_is_what_the_models_say(empty: Flask) -> None:
    flask_migrate.upgrade()
    made = create_engine("sqlite://")
    db.metadata.create_all(made)
    with db.engine.connect() as migrated, made.connect() as modelled:
        assert of_models(migrated) == []
        assert schema(migrated) == schema(modelled)
        assert len(schema(migrated)) > 15


def test_every_migration_can_be_taken_back_and_done_again(empty: Flask) -> None:
    steps = [step.revision for step in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    for revision in reversed(steps):
        with db.engine.connect() as connection:
            before = schema(connection)
        flask_migrate.upgrade(revision=revision)
        with db.engine.connect() as connection:
            after = schema(connection)
        flask_migrate.downgrade(revision="-1")
        with db.engine.connect() as connection:
            assert schema(connection) == before
        flask_migrate.upgrade(revision=revision)
        with db.engine.connect() as connection:
            assert schema(connection) == after


def test_all_the_way_down_leaves_nothing_and_up_again_the_same(empty: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        before = schema(connection)
    flask_migrate.downgrade(revision="base")
    with db.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        assert schema(connection) == before


def test_upgrading_twice_is_upgrading_once(full: Flask) -> None:
    before = (rows(), version())
    flask_migrate.upgrade()
    assert (rows(), version()) == before


def test_every_constraint_has_a_name(app: Flask) -> None:
    modelled = {
        (table.name, str(constraint.name))
        for table in db.metadata.sorted_tables
        for constraint in table.constraints
    }
    with db.engine.connect() as connection:
        migrated = set(constraint_names(connection))
        counting = {name for name, told in schema(connection).items() if told["counts up"]}
    assert len(modelled) > 60
    assert {named for named in modelled if named[1] == "None"} == set()
    # SQLite has no place for the name of a key that counts up.
    assert modelled - migrated == {(name, f"pk_{name}") for name in counting}
    assert migrated - modelled == {(name, "None") for name in counting}


def test_rebuilding_tables_deletes_no_children(full: Flask, tmp_path: Path) -> None:
    before = rows()
    children = ("memberships", "sessions", "offer_texts", "offer_terms", "runs")
    assert [before[table] for table in children if not before[table]] == []
    flask_migrate.upgrade(directory=with_next(tmp_path / "migrations", REBUILD))
    assert (version(), rows()) == ("feedfacecafe", before)
    with db.engine.connect() as connection:
        added = {table for table, told in schema(connection).items() if "colour" in told["columns"]}
    assert added == {"institutions", "people", "offers", "runs", "terms"}
    assert checks_references()


def test_a_migration_that_orphans_rows_is_not_kept(full: Flask, tmp_path: Path) -> None:
    before = (rows(), version())
    with pytest.raises(Exception, match="rows without what they refer to, in: memberships, offers"):
        flask_migrate.upgrade(directory=with_next(tmp_path / "migrations", CUT_OFF))
    assert (rows(), version()) == before
    assert checks_references()


def test_a_migration_that_breaks_off_leaves_everything_as_it_was(
    full: Flask, tmp_path: Path
) -> None:
    before = (rows(), version())
    with pytest.raises(ValueError, match="the machine went away"):
        flask_migrate.upgrade(directory=with_next(tmp_path / "migrations", BREAK_OFF))
    assert (rows(), version()) == before
    with db.engine.connect() as connection:
        assert "halves" not in schema(connection)
    assert checks_references()

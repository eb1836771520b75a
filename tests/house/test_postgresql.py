"""The same migrations on PostgreSQL, with a server of the test's own where there is one."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

from academy import create_app
from academy.db import db, unit_of_work
from courses.vocabularies.operations import sync
from tests.house.schemas import constraint_names, schema
from tests.making import NOW, make_offer, make_person, settings_for

DEBIAN = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"


def programs() -> Path | None:
    """Find the folder of the server's programs: Debian keeps it off the PATH."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    found += [path.parent for path in sorted(DEBIAN.glob("*/bin/initdb"))]
    return found[-1] if found else None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a server that nobody else can reach; gives the address of its database."""
    if find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed: it comes with the extra `postgres`")
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    # It refuses to run as root.
    who = SUPERUSER if os.geteuid() == 0 else getpass.getuser()
    with tempfile.TemporaryDirectory(prefix="academy-", ignore_cleanup_errors=True) as name:
        shutil.chown(name, who)
        data = f"{name}/data"

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [str(folder / program), "-D", data, *arguments],
                user=who if os.geteuid() == 0 else None,
                cwd=name,
                check=True,
                stdout=subprocess.DEVNULL,
            )

        run("initdb", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={name} -c fsync=off"
        run("pg_ctl", "-w", "-l", f"{name}/log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://{SUPERUSER}@/postgres?host={name}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture
def empty(server: str, tmp_path: Path) -> Iterator[Flask]:
    """An academy on PostgreSQL whose database has no tables yet."""
    app = create_app(settings_for(tmp_path, database_url=server))
    with app.app_context():
        yield app
        db.session.remove()
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        db.engine.dispose()


def test_from_nothing_to_the_last_is_what_the_models_say_here_too(empty: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
        migrated = schema(connection)
        named = set(constraint_names(connection))
    flask_migrate.downgrade(revision="base")
    with db.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    db.metadata.create_all(db.engine)
    with db.engine.connect() as connection:
        assert schema(connection) == migrated
    assert named == {
        (table.name, str(constraint.name))
        for table in db.metadata.sorted_tables
        for constraint in table.constraints
    }


def test_all_the_way_down_and_up_again_is_the_same_here_too(empty: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        before = schema(connection)
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        assert schema(connection) == before


def test_what_people_do_works_here_too(empty: Flask) -> None:
    flask_migrate.upgrade()
    with unit_of_work():
        assert sync() > 0
    person, offer = make_person(), make_offer()
    assert (person.joined_at, offer.state.value) == (NOW, "published")

"""Backups: taken while people write, checked, kept in number, never half of one."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from flask import Flask

from academy.accounts.queries import token_hash
from academy.config import Settings
from academy.db import db, utcnow
from academy.operating import sqlite
from academy.operating.backups import backups, make_backup
from academy.operating.manifest import BadBackup, check_file, manifest_of
from tests.making import NOW, make_offer, make_person
from tests.operating.enrolling import enrol_in_all, signed_in
from tests.operating.operated import asked, counted, flask, production
from tests.patience import LIMIT
from tests.serving import serving
from tests.taking_part import OPEN, make_run

PEOPLE, RUNS, ROUNDS = 4, 30, 3
ENROLLED = """
    SELECT sessions.token_hash, runs.reference FROM enrolments
    JOIN runs ON runs.id = run_id JOIN sessions ON sessions.person_id = enrolments.person_id
    ORDER BY enrolments.id
"""
MISCOUNTED = """
    SELECT id FROM runs WHERE taken != (SELECT count(*) FROM enrolments WHERE run_id = runs.id)
"""


def settings_of(app: Flask) -> Settings:
    """Give the settings of an academy."""
    found: Settings = app.config["SETTINGS"]
    return found


def die_after(seconds: float, act: Callable[[], Any]) -> bool:
    """Do something in a process that the system kills after a time; tell whether it came to that.

    The alarm's own action ends a process at once: nothing of it is cleaned up.
    """
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def die_at_moments(rounds: int, whole: float, act: Callable[[int], Any]) -> Iterator[bool]:
    """Do something again and again, each time killed a little later; tell of each if it was killed.

    `whole` is how long one took, in seconds. The first of a process may be many times slower than
    those that follow: whatever ends before it is killed says anew what is to be divided.
    """
    for number in range(1, rounds + 1):
        begun = perf_counter()
        killed = die_after(whole * number / (rounds - 2), partial(act, number))
        if not killed:
            whole = min(whole, perf_counter() - begun)
        yield killed


def test_backups_under_load_are_each_a_prefix_of_what_was_written(
    app: Flask, tmp_path: Path
) -> None:
    runs = [make_run(OPEN, title=f"Water for town {number}") for number in range(RUNS)]
    tokens = [signed_in(number) for number in range(PEOPLE)]
    told: list[tuple[str, str]] = []
    before: list[set[tuple[str, str]]] = []
    settings, folder = settings_of(app), tmp_path / "backups"
    with serving(settings) as site, ThreadPoolExecutor(PEOPLE) as pool:
        busy = [pool.submit(enrol_in_all, site.host, token, runs, told) for token in tokens]
        files = []
        for number in range(ROUNDS):
            before.append({(token_hash(token), run) for token, run in told})
            now = NOW + timedelta(seconds=number)
            files.append(make_backup(settings, folder, now=now)[0])
        for one in busy:
            one.result(LIMIT)
    written = asked(settings.home / "academy.sqlite", ENROLLED)
    assert len(written) == PEOPLE * RUNS
    for file, acknowledged in zip(files, before, strict=True):
        manifest = manifest_of(file)
        assert (counted(file), manifest.sha256) == (manifest.tables, sha256(file))
        kept = asked(file, ENROLLED)
        assert kept == written[: len(kept)]
        assert acknowledged - {(str(one), str(run)) for one, run in kept} == set()
        assert asked(file, MISCOUNTED) == []


def sha256(file: Path) -> str:
    """Give the digest of a file as another program sees it."""
    return os.popen(f"sha256sum {file}").read().split()[0]


def test_a_backup_is_a_database_and_what_it_says_of_itself(app: Flask, tmp_path: Path) -> None:
    make_offer()
    db.session.rollback()
    folder = tmp_path / "backups"
    file, manifest = make_backup(settings_of(app), folder, now=NOW)
    assert file == folder / "academy-20261122T120000Z.sqlite"
    assert sorted(path.name for path in folder.iterdir()) == [
        ".lock",
        "academy-20261122T120000Z.sqlite",
        "academy-20261122T120000Z.sqlite.json",
    ]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert (modes, stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)
    assert manifest_of(file) == manifest
    assert manifest.tables == counted(settings_of(app).home / "academy.sqlite")
    assert (manifest.tables["offers"], manifest.made_at) == (1, NOW)
    assert manifest.revision == asked(file, "SELECT version_num FROM alembic_version")[0][0]


def test_the_newest_are_kept(academy: Callable[..., Flask], tmp_path: Path) -> None:
    app = academy(backups_keep=2)
    for hour in range(4):
        make_backup(settings_of(app), tmp_path / "b", now=NOW + timedelta(hours=hour))
    assert [backup.made_at for backup in backups(tmp_path / "b")] == [
        datetime(2026, 11, 22, 15, tzinfo=UTC),
        datetime(2026, 11, 22, 14, tzinfo=UTC),
    ]
    assert len(list((tmp_path / "b").iterdir())) == 5


@pytest.mark.parametrize("size", [-1, 0])
def test_a_backup_that_was_touched_is_none_any_longer(
    app: Flask, tmp_path: Path, size: int
) -> None:
    file, manifest = make_backup(settings_of(app), tmp_path, now=NOW)
    content = file.read_bytes()
    file.write_bytes(content[:-1] if size else content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(BadBackup) as refusal:
        check_file(file, manifest)
    assert str(refusal.value) == (
        f"{file} is damaged: it is not what it was when the backup was made."
    )


def test_a_damaged_database_makes_no_backup(app: Flask, tmp_path: Path) -> None:
    make_person()
    db.session.remove()
    db.engine.dispose()
    database = settings_of(app).home / "academy.sqlite"
    sqlite.settle(database)
    content = bytearray(database.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 60] = b"\xff" * 60
    database.write_bytes(content)
    with pytest.raises(BadBackup):
        make_backup(settings_of(app), tmp_path / "b", now=NOW)
    assert [path.name for path in (tmp_path / "b").iterdir()] == [".lock"]


def test_a_folder_that_takes_no_backup_is_named(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadBackup) as refusal:
        make_backup(settings_of(app), tmp_path / "file" / "b", now=NOW)
    assert str(refusal.value) == (f"Backups cannot be kept in {tmp_path}/file/b (Not a directory).")


def test_killed_at_any_moment_no_half_backup_is_left(app: Flask, tmp_path: Path) -> None:
    make_offer()
    db.session.remove()
    db.engine.dispose()
    settings, folder = settings_of(app), tmp_path / "b"
    begun = perf_counter()
    make_backup(settings, folder, now=NOW)
    whole = perf_counter() - begun
    before, died = counted(settings.home / "academy.sqlite"), 0

    def begin(number: int) -> None:
        make_backup(settings, folder, now=NOW + timedelta(minutes=number))

    for killed in die_at_moments(30, whole, begin):
        died += killed
        for backup in backups(folder):
            check_file(backup.file, manifest_of(backup.file))
    assert died > 10
    assert counted(settings.home / "academy.sqlite") == before
    make_backup(settings, folder, now=NOW + timedelta(days=1))
    left = [path.name for path in folder.iterdir() if path.name.endswith(".partial")]
    assert (left, sum(path.suffix == ".sqlite" for path in folder.iterdir())) == (
        [],
        len(backups(folder)),
    )


def test_the_command_makes_lists_and_checks(app: Flask, tmp_path: Path) -> None:
    home, folder = settings_of(app).home, tmp_path / "elsewhere"
    environment = production(home, BACKUP_FOLDER=str(folder))
    made = flask(environment, "backup", "make")
    file = Path(made.stdout.splitlines()[0])
    assert (made.returncode, file.parent) == (0, folder)
    listed = flask(environment, "backup", "list")
    assert listed.stdout.split("  ")[1].strip() == str(file)
    assert flask(environment, "backup", "check", str(file)).returncode == 0
    shutil.copy(file, tmp_path / "alone.sqlite")
    alone = flask(environment, "backup", "check", str(tmp_path / "alone.sqlite"))
    assert (alone.returncode, alone.stderr) == (
        1,
        f"Error: {tmp_path}/alone.sqlite is no backup: alone.sqlite.json is missing beside it.\n",
    )


def test_a_backup_is_made_when_the_newest_is_a_day_old(
    academy: Callable[..., Flask], tmp_path: Path
) -> None:
    app = academy(backup_folder=tmp_path / "b")
    [job] = [one for one in app.extensions["jobs"] if one.name == "back_up"]
    job.act()
    job.act()
    assert len(backups(tmp_path / "b")) == 1
    assert utcnow() - backups(tmp_path / "b")[0].made_at < timedelta(minutes=1)

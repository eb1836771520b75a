"""Commands for whoever operates the academy: flask backup, upgrade, config, health."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from academy.config import Settings
from academy.db import utcnow
from academy.health import findings, is_ready
from academy.jobs import job
from academy.operating import postgresql, sqlite
from academy.operating.backups import (
    BACKUP_EVERY,
    backups,
    make_backup,
    newest_backup,
    usual_folder,
)
from academy.operating.manifest import BadBackup, check_file, manifest_of
from academy.operating.restoring import restore
from academy.operating.running import Runs
from academy.operating.shown import notes, shown
from academy.operating.upgrading import NotUpgraded, upgrade

backup_group = AppGroup("backup", help="Copies of the database, checked and restored.")
config_group = AppGroup("config", help="The settings.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@contextmanager
def _told() -> Iterator[None]:
    """Tell in one sentence why something cannot be done."""
    try:
        yield
    except (BadBackup, Runs, NotUpgraded) as problem:
        raise click.ClickException(str(problem)) from problem


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _another(settings: Settings) -> Flask:
    """Make an academy like this one on another database."""
    made: Flask = import_module("academy").create_app(settings)
    return made


@backup_group.command("make")
@click.argument("folder", type=FOLDER, required=False)
def make(folder: Path | None) -> None:
    """Write a backup into FOLDER, check it, and keep the newest ones; nothing has to stop."""
    settings = _settings()
    with _told():
        file, manifest = make_backup(settings, folder or usual_folder(settings), now=utcnow())
    rows = sum(manifest.tables.values())
    click.echo(f"{file}\n{len(manifest.tables)} tables, {rows:,} rows, {manifest.size:,} bytes.")


@backup_group.command("list")
@click.argument("folder", type=FOLDER, required=False)
def list_backups(folder: Path | None) -> None:
    """List the backups, newest first."""
    for backup in backups(folder or usual_folder(_settings())):
        click.echo(f"{backup.made_at:%Y-%m-%d %H:%M:%S} UTC  {backup.file}")


@backup_group.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Tell whether FILE is the backup that was made."""
    with _told():
        manifest = manifest_of(file)
        check_file(file, manifest)
        if manifest.database == "sqlite":
            sqlite.check_same(file, manifest)
        else:
            postgresql.check_listed(file, manifest.tables)
    rows = sum(manifest.tables.values())
    click.echo(f"Sound: {rows:,} rows, of {manifest.made_at:%Y-%m-%d %H:%M} UTC.")


@backup_group.command("restore")
@click.argument("file", type=FILE)
def restore_file(file: Path) -> None:
    """Put FILE in the place of the database. The academy has to be stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with _told():
        kept = restore(app, file.absolute(), make=_another, now=utcnow(), say=click.echo)
    click.echo("Restored. Everybody signs in again.")
    if kept:
        click.echo(f"What was there before is kept: {kept}")


@click.command("upgrade")
def upgrade_command() -> None:
    """Make a backup, bring the database to this version, and make the index anew."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with _told():
        upgrade(app, now=utcnow(), say=click.echo)
    click.echo("The academy can be started.")


@config_group.command("check")
def check_config() -> None:
    """List every setting and where it comes from; secrets are not shown."""
    settings = _settings()
    for name, value, source in shown(settings, os.environ):
        click.echo(f"{name:<20} {value:<44} {source}".rstrip())
    for note in notes(settings):
        click.echo(f"Note: {note}")


@click.command("health")
def health_command() -> None:
    """Tell how the academy is; fails when it is not ready."""
    found = findings(utcnow())
    for one in found:
        state = "well" if one.well else "NOT WELL" if one.needed else "look here"
        click.echo(f"{one.name:<10} {state:<10} {json.dumps(one.details)}")
    if not is_ready(found):
        raise click.exceptions.Exit(1)


def add_operating(app: Flask) -> None:
    """Give `flask` the commands of the operator, and the clock a backup a night."""
    for command in (backup_group, config_group, upgrade_command, health_command):
        app.cli.add_command(command)
    settings: Settings = app.config["SETTINGS"]

    @job(app, minute="23")
    def back_up() -> None:
        """Make a backup when the newest is a day old: a night that was missed is made up for."""
        folder, now = settings.backup_folder, utcnow()
        newest = newest_backup(folder) if folder else None
        if folder and (newest is None or now - newest.made_at >= BACKUP_EVERY):
            make_backup(settings, folder, now=now)

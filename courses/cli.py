"""Commands of the domain: flask vocabularies, search, harvest, links, demo."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from academy.db import unit_of_work
from courses import harvest_commands, link_commands, reviewing, search_commands
from courses.demonstration import commands as demonstration
from courses.vocabularies.operations import sync

vocabularies_group = AppGroup("vocabularies", help="The terms offers are described with.")


@vocabularies_group.command("sync")
def sync_vocabularies() -> None:
    """Bring the terms in line with the files; nothing is deleted."""
    with unit_of_work():
        changed = sync()
    click.echo(f"New or changed terms: {changed:,}")


def add_commands(app: Flask) -> None:
    """Give `flask` the commands of the domain."""
    for group in (
        vocabularies_group,
        search_commands.group,
        harvest_commands.group,
        link_commands.group,
        reviewing.group,
        demonstration.group,
    ):
        app.cli.add_command(group)

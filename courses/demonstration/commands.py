"""Commands: flask demo load, refresh, remove."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from academy.db import utcnow
from courses.demonstration import loading
from courses.demonstration.removing import remove
from courses.progress import progress

group = AppGroup("demo", help="The demonstration network; everything in it is invented.")


@group.command("load")
def load() -> None:
    """Load the network into an academy that has no institutions yet."""
    settings = current_app.config["SETTINGS"]
    if not settings.development:
        raise click.ClickException("The demonstration is for development: ACADEMY_ENV=development.")
    if loading.has_institutions():
        raise click.ClickException("There are institutions already; nothing was loaded.")
    with progress("Demonstration offers") as teller:
        loading.load(now=utcnow(), progress=teller.tell)
    click.echo("\n".join(loading.sign_ins(settings.home)))


@group.command("refresh")
def refresh() -> None:
    """Move its dates to today."""
    click.echo(f"{loading.refresh(now=utcnow())} sample offers have new dates.")


@group.command("remove")
def remove_network() -> None:
    """Remove it, and nothing else."""
    gone, kept = remove()
    click.echo(f"{gone} sample offers are gone, with the people and institutions of the sample.")
    if kept:
        click.echo(f"{kept} of the institutions stay: something real hangs on them.")

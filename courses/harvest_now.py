"""Harvests that a command carries out itself: all that are due, or the one of a source."""

from __future__ import annotations

from threading import Event

import click
from flask import current_app

from academy.config import Settings
from academy.db import db, unit_of_work, utcnow
from academy.errors import Refusal
from academy.institutions.models import Institution
from academy.outbound import outbound_of
from courses.harvesting import queries
from courses.harvesting.harvests import queue
from courses.harvesting.harvests.carrying_out import carry_out
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.harvests.queue import Taken
from courses.harvesting.harvests.watching import harvest_at_work, why
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.pipeline import Report
from courses.progress import progress
from courses.sources.models import Source

READ = (HarvestState.DONE, HarvestState.HELD)
"""How a reading ends that came to its end."""


def carry_out_due() -> None:
    """Read every source whose hour has come, and what waits besides; tells of each.

    Refuses with ClickException when one of them failed.
    """
    with unit_of_work():
        queue.ask_for_due(now=utcnow(), limit=1_000)
    done = []
    while (state := _next_carried_out()) is not None:
        done.append(state)
    click.echo(f"Harvests carried out: {len(done):,}")
    if failed := done.count(HarvestState.FAILED):
        raise click.ClickException(f"Failed: {failed:,}")


def carry_out_source(place: Institution, name: str) -> None:
    """Read one source now, and nothing else.

    Refuses with ClickException when it is not to be read, is being read, or was not read.
    """
    taken = _taken(place.id, name)
    settings: Settings = current_app.config["SETTINGS"]
    with progress("Reading") as teller:
        carry_out(
            taken,
            outbound_of(settings),
            settings,
            stop=Event(),
            told=lambda report: teller.tell(report.read),
        )
    if _told(taken.harvest_id) not in READ:
        raise click.ClickException("The source was not read.")


def _taken(place_id: int, name: str) -> Taken:
    """Ask for a reading and take it up, so that no worker does."""
    with unit_of_work():
        now = utcnow()
        source = queries.source_of(db.session.get_one(Institution, place_id), name)
        if source is None:
            raise click.ClickException(f"There is no source {name!r}.")
        at_work = harvest_at_work(source)
        if at_work and at_work.leased_until and at_work.leased_until > now:
            raise click.ClickException(f"{name} is being read already.")
        try:
            harvest = queue.ask(source, person=None, now=now)
        except Refusal as refusal:
            raise click.ClickException(str(refusal.sentence)) from refusal
        if harvest.not_before and harvest.not_before > now:
            until = harvest.not_before.isoformat(timespec="minutes")
            raise click.ClickException(f"{name} asks to be left alone until {until}.")
        taken = queue.claim(harvest.id, now=now)
    if taken is None:
        raise click.ClickException(f"{name} is being read already.")
    return taken


def _next_carried_out() -> HarvestState | None:
    """Carry out the next harvest in line, and tell of it; None when there is none."""
    settings: Settings = current_app.config["SETTINGS"]
    with progress("Reading") as teller:
        done = carry_out_next(
            outbound_of(settings),
            settings,
            stop=Event(),
            told=lambda report: teller.tell(report.read),
        )
    return None if done is None else _told(done[0])


def _told(harvest_id: int) -> HarvestState:
    """Tell how a harvest ended."""
    harvest = db.session.get_one(Harvest, harvest_id)
    source, state = db.session.get_one(Source, harvest.source_id), harvest.state
    click.echo(f"{source.name}: {state}: {why(harvest) or told_sum(harvest)}")
    db.session.rollback()
    return state


def told_sum(made: Report | Harvest) -> str:
    """Say what became of the records: read is the sum of the four others."""
    return (
        f"read {made.read:,} = added {made.added:,} + updated {made.updated:,} "
        f"+ unchanged {made.unchanged:,} + rejected {made.rejected:,}"
        f"  (held back from the list: {made.held:,})"
    )

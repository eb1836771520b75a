"""Commands: flask links check, list: whether the addresses of offers answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import ColumnElement, true

from academy.config import Settings
from academy.db import db, utcnow
from academy.errors import Refusal
from academy.i18n import text_in
from academy.institutions.models import Institution
from academy.institutions.queries import institution_by_slug
from academy.outbound import outbound_of
from courses.links import queries
from courses.links.checking import AT_ONCE, keep, keep_unjudged, look, nobody_answers
from courses.links.models import Answered
from courses.links.queries import Due
from courses.links.sentences import why_broken
from courses.progress import progress

group = AppGroup("links", help="Whether the addresses of offers answer.")
MOST_LISTED = 1_000


@group.command("check")
@click.option("--institution", "slug", help="All links of this one, due or not.")
def check(slug: str | None) -> None:
    """Look at the links that are due, and keep how they answered."""
    settings: Settings = current_app.config["SETTINGS"]
    door, counted = outbound_of(settings), dict.fromkeys(Answered, 0)
    total = len(_links(slug)) if slug else queries.due_count(utcnow())
    with progress("Looking", total) as teller:
        for batch in _batches(slug):
            db.session.rollback()
            looked = look(batch, door, Event())
            if nobody_answers(looked, door):
                keep_unjudged(looked)
                raise click.ClickException(
                    "No host can be reached: is this machine online? The last were not judged."
                )
            keep(looked)
            for one in looked:
                counted[one.verdict.answered] += 1
            teller.tell(sum(counted.values()))
    click.echo(
        f"fine {counted[Answered.FINE]:,}, behind a sign-in {counted[Answered.SIGN_IN]:,}, "
        f"failed {counted[Answered.STRIKE]:,}, to be asked later {counted[Answered.LATER]:,}; "
        f"broken now: {queries.broken_count(_of(slug)):,}"
    )


@group.command("list")
@click.option("--broken", is_flag=True, required=True, help="Those that lead nowhere.")
@click.option("--institution", "slug", help="Of this one only.")
def list_links(broken: bool, slug: str | None) -> None:
    """List the offers whose address leads nowhere, and why we think so."""
    assert broken
    for offer, last in queries.broken(_of(slug), limit=MOST_LISTED):
        name = text_in(offer.institution.name, "en").text
        since = offer.broken_at.date().isoformat() if offer.broken_at else ""
        reason = why_broken(last.reason) if last else ""
        click.echo("\t".join((since, name, offer.slug, offer.address, reason)))


def _batches(slug: str | None) -> Iterator[Sequence[Due]]:
    """Give links some at a time, each once: of one institution, or those that are due."""
    if slug:
        links = _links(slug)
        yield from (links[start : start + AT_ONCE] for start in range(0, len(links), AT_ONCE))
        return
    seen: set[int] = set()
    while batch := [
        one for one in queries.due(utcnow(), limit=AT_ONCE) if one.offer_id not in seen
    ]:
        seen.update(one.offer_id for one in batch)
        yield batch


def _links(slug: str) -> list[Due]:
    return queries.links_of(_institution(slug))


def _of(slug: str | None) -> ColumnElement[bool]:
    return Institution.slug == slug if slug else true()


def _institution(slug: str) -> Institution:
    try:
        return institution_by_slug(slug)
    except Refusal as refusal:
        raise click.ClickException(f"There is no institution {slug!r}.") from refusal

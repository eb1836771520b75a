"""Dates that a source took away, and those of them that come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from academy.db import db
from courses.catalogue.content import RunContent
from courses.catalogue.editions import write_run
from courses.catalogue.models import Offer
from courses.catalogue.operations import hold
from courses.catalogue.runs import Run
from courses.editing.fields import fields_of, unit_of
from courses.editing.form import form_of
from courses.editing.queries import enrolled_in
from courses.harvesting.draft import MOST_FINDINGS, Draft
from courses.harvesting.models import FieldOrigin
from courses.harvesting.writing.editions import EditedRuns, as_stored

DOUBTFUL = frozenset(
    (
        *("unreadable-date", "twofold-date", "ambiguous-zone", "no-date"),
        *("unknown-zone", "unusable-rule", "too-many-dates", "dates-left-out"),
    )
)
"""Findings after which a date that is not told may still be there."""

MINUTE = timedelta(minutes=1)


def called_off(offers: Collection[Offer], *, now: datetime) -> dict[int, frozenset[str]]:
    """Name the editions that sources took away while people were in them, by offer.

    They are closed, and what their source says of them is nothing.
    """
    closed = [offer.id for offer in offers if any(_is_closed(run, now) for run in offer.runs)]
    if not closed:
        return {}
    rows = db.session.execute(
        select(FieldOrigin.offer_id, FieldOrigin.field, FieldOrigin.upstream).where(
            FieldOrigin.offer_id.in_(closed), FieldOrigin.field.startswith("runs.")
        )
    )
    found: dict[int, set[str]] = defaultdict(set)
    for offer_id, field, upstream in rows:
        if not upstream:
            found[offer_id].add(field.removeprefix("runs."))
    return {offer_id: frozenset(names) for offer_id, names in found.items()}


def follow_dates(offer: Offer, draft: Draft, *, edited: EditedRuns, now: datetime) -> list[Run]:
    """Let dates to come go that the record told and no longer tells; those that return are held.

    Where somebody is or was enrolled, the edition stays, takes nobody more, and its meetings are
    cancelled: people are told as always. Gives the editions that have no meeting to tell of.
    A record that tells no dates, or some that could not be read, says nothing of the others.
    """
    told = {run.starts_at: run for run in draft.runs if run.starts_at}
    coming = [run for run in offer.runs if run.starts_at and run.starts_at > now]
    theirs = [run for run in coming if told and run.reference not in edited.here]
    off = [run for run in theirs if run.reference in edited.called_off]
    for run in off:
        if run.starts_at in told:
            _hold_again(offer, run, told[run.starts_at])
    gone = [run for run in theirs if run.starts_at not in told and run not in off]
    return [] if not gone or _in_doubt(draft, offer) else _let_go(offer, gone, now)


def _in_doubt(draft: Draft, offer: Offer) -> bool:
    """Tell whether dates may be there that were not read, or were only forgotten."""
    if any(run.starts_at is None for run in draft.runs) and all(
        one.starts_at for one in offer.runs
    ):
        return True
    doubts = (one.code in DOUBTFUL or one.field == "runs" for one in draft.findings)
    return len(draft.findings) >= MOST_FINDINGS or any(doubts)


def _let_go(offer: Offer, gone: list[Run], now: datetime) -> list[Run]:
    for run in gone:
        # Nobody enrols between the question who is in it and the answer.
        hold(run)
    people = enrolled_in(offer)
    for run in gone:
        if people.get(run.id):
            _call_off(offer, run, now)
        else:
            offer.runs.remove(run)
    return [run for run in gone if run.taken and not run.meetings]


def _call_off(offer: Offer, run: Run, now: datetime) -> None:
    before, closed = as_stored(run), now.replace(second=0, microsecond=0) - MINUTE
    meetings = [replace(one, cancelled=True) for one in before.meetings]
    until = min(closed, before.enrol_until or closed)
    write_run(run, replace(before, enrol_until=until, meetings=meetings))
    origin = _origin(offer, run)
    if origin is None:
        origin = FieldOrigin(offer_id=offer.id, field=f"runs.{run.reference}")
        db.session.add(origin)
    origin.upstream, origin.told_at = {}, now


def _hold_again(offer: Offer, run: Run, told: RunContent) -> None:
    """Take people again; the meetings that are told are held, or all where none is told."""
    held, before = {one.starts_at for one in told.meetings if not one.cancelled}, as_stored(run)
    meetings = [
        replace(one, cancelled=bool(told.meetings) and one.starts_at not in held)
        for one in before.meetings
    ]
    write_run(run, replace(before, enrol_until=told.enrol_until, meetings=meetings))
    origin = _origin(offer, run)
    if origin is not None and origin.released_at is None:
        db.session.delete(origin)
    elif origin is not None:
        live = fields_of(form_of(offer)).items()
        origin.upstream = {path: said for path, said in live if unit_of(path) == origin.field}


def _origin(offer: Offer, run: Run) -> FieldOrigin | None:
    field = f"runs.{run.reference}"
    mine = (FieldOrigin.offer_id == offer.id, FieldOrigin.field == field)
    return db.session.scalar(select(FieldOrigin).where(*mine))


def _is_closed(run: Run, now: datetime) -> bool:
    return run.enrol_until is not None and run.enrol_until <= now

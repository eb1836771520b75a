"""A reading for trial: what it would do, record by record, and nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from sqlalchemy import select

from academy.config import Settings
from academy.db import db, unit_of_work
from academy.errors import Refusal
from academy.outbound import Outbound
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.editing.fields import Changes
from courses.editing.models import OfferVersion
from courses.harvesting import operations, queries
from courses.harvesting.adapting import Item
from courses.harvesting.columns import Understood, understood
from courses.harvesting.draft import Finding, NotAFeed
from courses.harvesting.harvests.answers import Passing
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.asking import as_asked
from courses.harvesting.harvests.fetching import Gathered, Gathering
from courses.harvesting.harvests.gathered import items_of, parts_of, without_data
from courses.harvesting.harvests.seen import Seen
from courses.harvesting.pipeline import Batch, batches
from courses.harvesting.writing.contents import Prepared
from courses.sources.models import Source
from courses.vocabularies.models import Term

SHOWN = 20
"""Records that are told one by one."""

MOST_RECORDS, MOST_PAGES, LONGEST = 2_000, 25, 20.0
"""How far a trial goes: records, pages, and seconds, while somebody waits."""

Twins = Callable[[Sequence[int]], Mapping[int, Sequence[Offer]]]
"""Gives the offers of others that seem to be the same, by the keys of offers."""


class Outcome(StrEnum):
    """What would become of a record."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tried:
    """One record as it would become, and what differs from what the offer says now."""

    line: int
    external_id: str
    outcome: Outcome
    title: str = ""
    kind: str = ""
    languages: Sequence[str] = ()
    address: str = ""
    runs: Sequence[Run] = ()
    terms: Sequence[Term] = ()
    findings: Sequence[Finding] = ()
    differences: Changes = field(default_factory=dict)
    twins: Sequence[Offer] = ()
    """Offers of others that seem to be the same."""


@dataclass
class Preview:
    """What a reading would do. With a `code`, it would fail, and `details` go with its sentence."""

    records: list[Tried] = field(default_factory=list)
    refused: list[Tried] = field(default_factory=list)
    """The first that would be refused, however many others stand before them."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    columns: Understood | None = None
    pages: int = 0
    more: bool = False
    """Whether there are pages that were not looked at."""

    code: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


class _Undone(Exception):
    """Ends a transaction whose changes were looked at."""


def preview(
    source_id: int,
    outbound: Outbound,
    settings: Settings,
    *,
    now: datetime,
    twins: Twins = lambda _offer_ids: {},
) -> Preview:
    """Read the beginning of a source for trial, approved or not; every table stays as it was."""
    made = Preview()
    try:
        source = db.session.get_one(Source, source_id)
        # A trial reads everything anew, whatever was read before.
        asked = replace(as_asked(source, settings, now=now), since=None)
        db.session.rollback()
        with TemporaryDirectory(prefix="trial-") as folder:
            gathered = _gathered(asked, outbound, Path(folder))
            made.pages, made.more = len(gathered.pages), not gathered.whole
            made.columns = understood(asked, gathered)
            _try(made, source_id, _items(asked, gathered), now, twins)
            _check_something_came(made, asked, gathered)
    except (NotAFeed, Passing) as refused:
        made.code, made.details = refused.code, refused.details
    except Refusal as refusal:
        made.code = refusal.code
    return made


def _check_something_came(made: Preview, asked: Asked, gathered: Gathered) -> None:
    any_records = made.counts.total() > 0
    gathered.check_was_read(any_records)
    if not any_records and any(without_data(asked, gathered)):
        raise NotAFeed("no-data")


def _gathered(asked: Asked, outbound: Outbound, folder: Path) -> Gathered:
    until = monotonic() + LONGEST
    gathering = Gathering(asked, outbound, folder, {}, lambda _pages: None)
    return gathering.gather(most=MOST_PAGES, until=until)


def _items(asked: Asked, gathered: Gathered) -> Iterator[Item]:
    read = (item for part in parts_of(asked, gathered) for item in items_of(asked, part))
    return islice(read, MOST_RECORDS)


def _try(made: Preview, source_id: int, items: Iterator[Item], now: datetime, twins: Twins) -> None:
    table = operations.words_for(source_id)
    for batch in batches(source_id, items, table, Seen()):
        made.counts[Outcome.REFUSED] += len(batch.refused)
        made.counts[Outcome.SAME] += batch.unchanged
        known = queries.known_records(source_id, [one.external_id for one in batch.changed])
        made.counts[Outcome.CHANGED] += len(known)
        made.counts[Outcome.NEW] += len(batch.changed) - len(known)
        made.refused += _refused(batch.refused[: SHOWN - len(made.refused)])
        if len(made.records) < SHOWN:
            made.records += _told(source_id, batch, SHOWN - len(made.records), now, twins)
    made.unmapped = table.unmapped


def _refused(findings: Sequence[Finding]) -> list[Tried]:
    return [
        Tried(one.line, one.external_id, Outcome.REFUSED, one.found, findings=[one])
        for one in findings
    ]


def _told(source_id: int, batch: Batch, most: int, now: datetime, twins: Twins) -> list[Tried]:
    written = _as_written(source_id, batch.changed[:most], now, twins)
    same = list(batch.same)[: most - len(written)]
    return [*written, *_same(source_id, same)]


def _same(source_id: int, names: Sequence[str]) -> list[Tried]:
    """Name the records that would stay as they are by what their offers are called."""
    found = queries.records_with_offers(source_id, names)
    offers = {name: offer for name, (_record, offer) in found.items()}
    db.session.expunge_all()
    db.session.rollback()
    return [
        Tried(0, name, Outcome.SAME, next(iter(offer.titles.values()), ""), runs=offer.runs)
        for name, offer in offers.items()
    ]


def _as_written(
    source_id: int, changed: Sequence[Prepared], now: datetime, twins: Twins
) -> list[Tried]:
    """Write the records as a harvest would, look at what came of it, and undo it."""
    tried: list[Tried] = []
    try:
        with unit_of_work():
            before = queries.known_records(source_id, [one.external_id for one in changed])
            findings = operations.write_records(source_id, changed, now=now).findings
            names = [one.external_id for one in changed]
            found = queries.records_with_offers(source_id, names)
            offers = {name: offer for name, (_record, offer) in found.items()}
            versions = _versions([offer.id for offer in offers.values()], now)
            alike = twins([offer.id for offer in offers.values()])
            tried += [
                _tried(one, offers[one.external_id], one.external_id in before, versions, alike)
                for one in changed
            ]
            tried = [
                replace(one, findings=[f for f in findings if f.external_id == one.external_id])
                for one in tried
            ]
            # What was looked at stays as it is now, although it is undone.
            db.session.expunge_all()
            raise _Undone
    except _Undone:
        return tried


def _versions(offer_ids: Sequence[int], now: datetime) -> dict[int, Changes]:
    made = select(OfferVersion.offer_id, OfferVersion.changes).where(
        OfferVersion.offer_id.in_(offer_ids), OfferVersion.made_at == now
    )
    return {offer_id: changes for offer_id, changes in db.session.execute(made)}


def _tried(
    one: Prepared,
    offer: Offer,
    known: bool,
    versions: Mapping[int, Changes],
    twins: Mapping[int, Sequence[Offer]],
) -> Tried:
    return Tried(
        one.draft.line,
        one.external_id,
        Outcome.CHANGED if known else Outcome.NEW,
        title=next(iter(offer.titles.values()), ""),
        kind=str(one.draft.kind),
        languages=[language.code for language in offer.languages],
        address=offer.address,
        runs=list(offer.runs),
        terms=list(offer.terms),
        differences=versions.get(offer.id, {}),
        twins=twins.get(offer.id, ()),
    )

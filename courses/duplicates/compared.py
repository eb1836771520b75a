"""What is read of offers to compare them, and which of them share keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, func, select

from academy.db import db
from academy.i18n import base_language
from courses.catalogue.models import Kind, Offer
from courses.catalogue.queries import visible
from courses.catalogue.runs import Run
from courses.catalogue.texts import OfferText
from courses.duplicates.models import Decision, DuplicatePair, KeySort, OfferKey
from courses.harvesting.models import SourceRecord
from courses.sources.models import Source

A_DAY = timedelta(days=1)
AT_ONCE = 5_000
"""How many keys one question names: databases take only so many."""

MOST_SHARING, MOST_ALIKE = 20, 2_000
"""What more offers share names no single thing; of titles, no title in particular."""

BY_HAND = 0

Key = tuple[KeySort, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """An offer as it is compared with others.

    `side` tells who told of it: the institution and the source, which is 0 for one made by hand.
    """

    id: int
    kind: Kind
    side: tuple[int, int]
    provider: str
    address: str
    titles: Mapping[str, str] = field(default_factory=dict)
    starts: Sequence[datetime] = ()

    def may_be(self, other: Compared) -> bool:
        """Tell whether people are asked: not of what one source tells twice of one provider."""
        if self.kind is not other.kind:
            return False
        one_source = self.side == other.side and self.side[1] != BY_HAND
        return not (one_source and self.provider == other.provider)

    def is_told_in_a_language_of(self, other: Compared) -> bool:
        """Tell whether both have a title in one language: else one may translate the other."""
        told = ({base_language(code) for code in one.titles} for one in (self, other))
        return bool(set.intersection(*told))

    def starts_with(self, other: Compared) -> bool:
        """Tell whether webinars begin within a day, where both say when."""
        if self.kind is Kind.COURSE or not (self.starts and other.starts):
            return True
        return any(abs(one - two) <= A_DAY for one in self.starts for two in other.starts)


def compared(offer_ids: Iterable[int]) -> dict[int, Compared]:
    """Read these offers as they are compared, by key."""
    found: dict[int, Compared] = {}
    for some in batches(offer_ids):
        sources, titles, starts = _sources(some), _titles(some), _starts(some)
        columns = (Offer.id, Offer.kind, Offer.institution_id, Offer.provider, Offer.address)
        for row in db.session.execute(select(*columns).where(Offer.id.in_(some))):
            side = (row.institution_id, sources.get(row.id, BY_HAND))
            own = row.id, row.kind, side, row.provider.casefold(), row.address
            found[row.id] = Compared(*own, titles.get(row.id, {}), starts.get(row.id, ()))
    return found


def sharing(offer_ids: Sequence[int]) -> dict[Key, list[int]]:
    """Group the published offers that share a strong key with one of these."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for sort, value, number in _sharing(offer_ids, OfferKey.sort != KeySort.TITLE, MOST_SHARING):
        groups[sort, value].append(number)
    return groups


def titled_alike(offer_ids: Sequence[int]) -> dict[int, set[int]]:
    """Give for each of these the published offers whose titles are worth a comparison."""
    groups: dict[str, list[int]] = defaultdict(list)
    for _sort, value, number in _sharing(offer_ids, OfferKey.sort == KeySort.TITLE, MOST_ALIKE):
        groups[value].append(number)
    wanted, found = set(offer_ids), defaultdict(set)
    for numbers in groups.values():
        for number in wanted.intersection(numbers):
            found[number].update(numbers)
    return found


def leaders(offer_ids: Iterable[int]) -> dict[int, int]:
    """Give the key of the offer that stands for each of these."""
    found: dict[int, int] = {}
    leader = func.coalesce(Offer.canonical_id, Offer.id)
    for some in batches(offer_ids):
        rows = db.session.execute(select(Offer.id, leader).where(Offer.id.in_(some)))
        found.update((number, other) for number, other in rows)
    return found


def decided_different() -> set[tuple[int, int]]:
    """List the offers that were told apart, by those that stand for them now, both ways round."""
    rows = db.session.execute(
        select(DuplicatePair.first_id, DuplicatePair.second_id).where(
            DuplicatePair.decision == Decision.DIFFERENT
        )
    ).all()
    led = leaders({number for row in rows for number in row})
    both = [(led[one], led[other]) for one, other in rows]
    return {*both, *((other, one) for one, other in both)}


def batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Divide keys into as many as one question names."""
    left = iter(numbers)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _sharing(
    offer_ids: Sequence[int], sort: ColumnElement[bool], most: int
) -> Iterator[tuple[KeySort, str, int]]:
    mine = select(OfferKey.value).where(OfferKey.offer_id.in_(offer_ids), sort)
    many = (
        select(OfferKey.value)
        .where(OfferKey.value.in_(mine))
        .group_by(OfferKey.value)
        .having(func.count().between(2, most))
    )
    shared = select(OfferKey.sort, OfferKey.value, OfferKey.offer_id).join(
        Offer, Offer.id == OfferKey.offer_id
    )
    rows = db.session.execute(shared.where(visible(), OfferKey.value.in_(many)))
    yield from ((row.sort, row.value, row.offer_id) for row in rows)


def _sources(numbers: Sequence[int]) -> dict[int, int]:
    columns = SourceRecord.offer_id, func.min(SourceRecord.source_id)
    found = select(*columns).where(SourceRecord.offer_id.in_(numbers))
    rows = db.session.execute(found.group_by(SourceRecord.offer_id))
    return {number: source for number, source in rows}


def _titles(numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    columns = OfferText.offer_id, OfferText.language, OfferText.title
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for number, language, title in db.session.execute(
        select(*columns).where(OfferText.offer_id.in_(numbers)).order_by(OfferText.id)
    ):
        found[number][language] = title
    return found


def _starts(numbers: Sequence[int]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    dated = select(Run.offer_id, Run.starts_at).join(Offer).where(Offer.kind == Kind.WEBINAR)
    for number, start in db.session.execute(dated.where(Run.offer_id.in_(numbers))):
        if start is not None:
            found[number].append(start)
    return found


def told_ids(numbers: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Give the ids under which sources tell of offers, each with the name of the adapter."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    columns = SourceRecord.offer_id, Source.adapter, SourceRecord.external_id
    records = select(*columns).join(Source, Source.id == SourceRecord.source_id)
    for number, adapter, told in db.session.execute(
        records.where(SourceRecord.offer_id.in_(numbers))
    ):
        found[number].append((adapter, told))
    return found

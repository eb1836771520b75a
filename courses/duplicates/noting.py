"""The keys of offers, written down so that those who share one are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from academy.db import db
from courses.catalogue.models import Offer
from courses.duplicates.compared import batches, compared, told_ids
from courses.duplicates.keys import digest, strong_keys
from courses.duplicates.models import KeySort, OfferKey
from courses.duplicates.titles import title_keys

Key = tuple[KeySort, str]


def note_keys(offer_ids: Sequence[int], *, now: datetime) -> None:
    """Write down by what these offers are recognised; keys that did not change stay as they are."""
    for some in batches(offer_ids):
        wanted, noted = _wanted(some), _noted(some)
        gone = [noted[n][key] for n in noted for key in noted[n].keys() - wanted.get(n, set())]
        new = [
            {"offer_id": number, "sort": sort, "value": value, "noted_at": now}
            for number, keys in wanted.items()
            for sort, value in sorted(keys - noted[number].keys())
        ]
        these = OfferKey.offer_id.in_(some)
        for few in batches(gone):
            db.session.execute(delete(OfferKey).where(OfferKey.id.in_(few)))
        db.session.execute(update(OfferKey).where(these).values(noted_at=now))
        if new:
            db.session.execute(insert(OfferKey), new)


def _wanted(numbers: Sequence[int]) -> dict[int, set[Key]]:
    told, found = told_ids(numbers), compared(numbers)
    addresses = db.session.execute(select(Offer.id, Offer.address).where(Offer.id.in_(numbers)))
    wanted: dict[int, set[Key]] = {}
    for number, address in addresses:
        strong = strong_keys(address, told.get(number, []))
        wanted[number] = {(sort, digest(sort, value)) for sort, value in strong}
        kind = found[number].kind.value
        # An offer has a key of its title at least: without one, it would be looked at for ever.
        for key in [*title_keys(found[number].titles)] or [""]:
            wanted[number].add((KeySort.TITLE, digest(KeySort.TITLE, f"{kind}:{key}")))
    return wanted


def _noted(numbers: Sequence[int]) -> dict[int, dict[Key, int]]:
    rows = db.session.execute(
        select(OfferKey.id, OfferKey.offer_id, OfferKey.sort, OfferKey.value).where(
            OfferKey.offer_id.in_(numbers)
        )
    )
    noted: dict[int, dict[Key, int]] = defaultdict(dict)
    for key, number, sort, value in rows:
        noted[number][sort, value] = key
    return noted

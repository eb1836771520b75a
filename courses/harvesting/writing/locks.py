"""Fields that people edited: a harvest leaves them, and keeps what the source says beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from academy.db import db
from courses.catalogue.content import OfferContent
from courses.catalogue.models import Offer
from courses.editing.fields import Fields, Value, content_of, fields_of, unit_of
from courses.editing.form import LISTS, form_of
from courses.editing.models import OfferVersion, VersionSource
from courses.editing.timetable import read_run
from courses.harvesting.models import FieldOrigin
from courses.harvesting.writing.editions import NONE_EDITED, EditedRuns
from courses.harvesting.writing.sparing import spared, spared_terms, told_form
from courses.vocabularies.models import Term

Before = dict[str, Value | None]
"""What the fields of a part said before people edited them; None where there was no such field."""


@dataclass(frozen=True, slots=True)
class Locked:
    """The parts of an offer that people edited, and what was noted of them so far."""

    parts: Mapping[str, Before] = field(default_factory=dict)
    origins: Mapping[str, FieldOrigin] = field(default_factory=dict)

    def runs(self, offer: Offer) -> EditedRuns:
        """Tell which editions people edited, and when those began that they removed."""
        named = {part.removeprefix("runs.") for part in self.parts if part.startswith("runs.")}
        if not named:
            return NONE_EDITED
        here = named & {run.reference for run in offer.runs}
        removed = (self.parts[f"runs.{name}"] for name in named - here)
        return EditedRuns(frozenset(here), frozenset(_start(before) for before in removed))

    def upstream(self, live: Fields, part: str) -> Fields:
        """Give what the source says of a part, as far as we know: at least what it said before."""
        if part in self.origins:
            return dict(self.origins[part].upstream)
        known = {**_part_of(live, part), **self.parts.get(part, {})}
        return {path: value for path, value in known.items() if value}


UNLOCKED = Locked()


def locks_of(
    offers: Collection[Offer], confirmed: Mapping[int, Collection[int]]
) -> dict[int, Locked]:
    """Tell what people edited of these offers and did not give back; nothing of the others.

    `confirmed` are the keys of terms that people confirmed when they were asked: to say yes is no
    edit, so that the source may still say more. Asks once, and again where anything is locked.
    """
    agreed = {
        offer.id: {term.code for term in offer.terms if term.id in confirmed.get(offer.id, ())}
        for offer in offers
    }
    edits = _edits(agreed)
    if not edits:
        return {}
    origins: dict[int, dict[str, FieldOrigin]] = defaultdict(dict)
    for origin in db.session.scalars(select(FieldOrigin).where(FieldOrigin.offer_id.in_(edits))):
        origins[origin.offer_id][origin.field] = origin
    found = {}
    for offer_id, told in edits.items():
        if parts := _still_locked(told, origins[offer_id]):
            found[offer_id] = Locked(parts, origins[offer_id])
    return found


Edit = tuple[datetime, str, Before]


def _edits(agreed: Mapping[int, Collection[str]]) -> dict[int, list[Edit]]:
    """List what people changed: when, which part, and what stood there before; earliest first."""
    rows = (
        select(OfferVersion.offer_id, OfferVersion.made_at, OfferVersion.changes)
        .where(OfferVersion.offer_id.in_(list(agreed)))
        .where(OfferVersion.source != VersionSource.HARVEST)
        .order_by(OfferVersion.offer_id, OfferVersion.number)
    )
    found: dict[int, list[Edit]] = defaultdict(list)
    for offer_id, made_at, changes in db.session.execute(rows) if agreed else ():
        parts: dict[str, Before] = defaultdict(dict)
        for path, change in changes.items():
            if path != "state" and not _is_agreed(path, change, agreed[offer_id]):
                parts[unit_of(path)][path] = change[0]
        found[offer_id] += [(made_at, part, before) for part, before in parts.items()]
    return {offer_id: edits for offer_id, edits in found.items() if edits}


def _is_agreed(path: str, change: Sequence[Value | None], agreed: Collection[str]) -> bool:
    """Tell whether nothing but issues that were confirmed came to those there were."""
    if path != "issues":
        return False
    before, after = ({*(codes or ())} for codes in change)
    return before <= after and after - before <= {*agreed}


def _still_locked(edits: Sequence[Edit], origins: Mapping[str, FieldOrigin]) -> dict[str, Before]:
    parts: dict[str, Before] = {}
    for made_at, part, before in edits:
        released = origins[part].released_at if part in origins else None
        if released is None or made_at >= released:
            parts[part] = {**before, **parts.get(part, {})}
    return parts


def left_alone(
    offer: Offer,
    content: OfferContent,
    terms: Sequence[Term],
    locked: Locked,
    *,
    now: datetime,
) -> tuple[OfferContent, list[Term], bool]:
    """Take out of a content what people edited, and note what the source says there.

    Tells also whether the source says otherwise anywhere. What is known already is not noted.
    """
    told = fields_of(told_form(offer, content, terms, now=now))
    live, differs = fields_of(form_of(offer)), False
    for part in locked.parts:
        said = _part_of(told, part)
        if said:
            differs = differs or said != _part_of(live, part)
            if said != locked.upstream(live, part):
                _note(offer, part, said, locked.origins.get(part), now)
    return spared(content, offer, locked.parts), spared_terms(terms, offer, locked.parts), differs


def terms_left_alone(
    offer: Offer, terms: Sequence[Term], locked: Locked, *, now: datetime
) -> list[Term]:
    """Give these terms, but of vocabularies that people edited those which the offer has.

    What they would have been is noted.
    """
    live = fields_of(form_of(offer))
    for name, vocabulary in LISTS.items():
        codes = [term.code for term in _in_order(terms) if term.vocabulary is vocabulary]
        if name in locked.parts and codes and {name: codes} != locked.upstream(live, name):
            _note(offer, name, {name: codes}, locked.origins.get(name), now)
    return spared_terms(terms, offer, locked.parts)


def _in_order(terms: Sequence[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: term.position)


def _note(offer: Offer, part: str, said: Fields, known: FieldOrigin | None, now: datetime) -> None:
    if known is None:
        known = FieldOrigin(offer_id=offer.id, field=part)
        db.session.add(known)
    known.upstream, known.told_at = said, now


def _part_of(fields: Fields, part: str) -> Fields:
    return {path: value for path, value in fields.items() if unit_of(path) == part}


def _start(before: Before) -> datetime | None:
    """Tell when an edition began of which all fields were removed."""
    [run] = content_of({path: value for path, value in before.items() if value})["runs"] or [{}]
    told = {name: value for name, value in run.items() if value}
    told.pop("capacity", None)
    told["meetings"] = [{**one, "cancelled": False} for one in told.get("meetings", ())]
    return read_run(told)[0].starts_at

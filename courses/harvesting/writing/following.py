"""Giving a field back to its source: it says what the source says, and follows it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from academy.accounts.models import Person
from academy.audit import note
from academy.db import db
from academy.errors import Missing
from courses.catalogue.models import Offer
from courses.catalogue.operations import revise
from courses.catalogue.queries import terms_by_id
from courses.catalogue.rewriting import OF_EDITORS
from courses.editing.checking import checked
from courses.editing.fields import Fields, content_of, fields_of, merged, unit_of, units
from courses.editing.form import form_of
from courses.editing.models import VersionSource
from courses.editing.operations import hold
from courses.editing.versions import record_version, snapshot
from courses.harvesting.models import FieldOrigin
from courses.harvesting.queries import is_harvested
from courses.harvesting.writing.locks import UNLOCKED, Locked, locks_of
from courses.harvesting.writing.sparing import spared, spared_terms
from courses.search.guiding.topics import confirmed_by_people
from courses.vocabularies.queries import vocabularies


@dataclass(frozen=True, slots=True)
class Beside:
    """A part of an offer that people edited: what it says, what its source says, since when."""

    part: str
    ours: Fields
    theirs: Fields
    told_at: datetime | None


def beside(offer: Offer) -> list[Beside]:
    """List the parts that people edited of which the source says otherwise, as the form goes."""
    if not is_harvested(offer):
        return []
    locked, live = _locked(offer), fields_of(form_of(offer))
    found = []
    for part in locked.parts:
        ours = {path: value for path, value in live.items() if unit_of(path) == part}
        theirs, origin = locked.upstream(live, part), locked.origins.get(part)
        if theirs and theirs != ours:
            found.append(Beside(part, ours, theirs, origin.told_at if origin else None))
    return found


def follow_source(offer: Offer, field: str, *, person: Person, now: datetime) -> None:
    """Let a part of an offer say what its source says, and follow it from now on.

    Nobody loses a place by that. Raises Missing when nobody edited that part, or the source says
    nothing of it.
    """
    hold(offer)
    locked, before = _locked(offer), snapshot(offer)
    theirs = locked.upstream(fields_of(form_of(offer)), field) if field in locked.parts else {}
    if not theirs:
        raise Missing
    _write(offer, field, theirs, now)
    _release(offer, field, theirs, locked.origins, now)
    db.session.flush()
    after, source = snapshot(offer), VersionSource.HARVEST
    record_version(offer, before, after, source=source, person=person, now=now)
    note("source-followed", f"offer:{offer.slug}", by=person, now=now, fields=[field])


def _write(offer: Offer, field: str, theirs: Fields, now: datetime) -> None:
    """Write one part of the form, and leave every other as it is."""
    live = form_of(offer)
    form = merged(live, content_of(theirs), [field])
    others = {*units((*fields_of(live), *fields_of(form)))} - {field}
    content = checked(form, vocabularies()).content
    kept = [term for term in offer.terms if term.vocabulary not in OF_EDITORS]
    terms = [*kept, *spared_terms(terms_by_id(content.term_ids or ()), offer, others)]
    revise(offer, spared(content, offer, others), now=now, terms=terms)


def _release(
    offer: Offer, field: str, theirs: Fields, origins: Mapping[str, FieldOrigin], now: datetime
) -> None:
    origin = origins.get(field)
    if origin is None:
        origin = FieldOrigin(offer_id=offer.id, field=field, upstream=theirs)
        db.session.add(origin)
    origin.released_at = now


def _locked(offer: Offer) -> Locked:
    return locks_of([offer], confirmed_by_people([offer.id])).get(offer.id, UNLOCKED)

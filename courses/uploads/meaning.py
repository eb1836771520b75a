"""What the rows of a sheet mean: the offer each is about, and what it would do to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person
from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.editing.fields import changes_between, fields_of
from courses.editing.form import Content, form_of
from courses.uploads import queries
from courses.uploads.models import RowState, Upload, UploadRow
from courses.uploads.queries import Sought
from courses.uploads.reading import Problems, RowReader, problems_with
from courses.uploads.revising import as_new, revised
from courses.vocabularies.queries import vocabularies

AT_A_TIME = 100
"""Rows whose offers are looked for with the same questions to the database."""

REPEATED = _l("Another row above has the same number.")
IN_WORK = _l("Somebody is editing this offer: publish or throw away that draft first.")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row means: the form it would publish, what is wrong, which offer, what it would do."""

    form: Content
    problems: Problems
    offer: Offer | None
    state: RowState


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that is needed to understand the rows of one sheet; it outlives a transaction."""

    reader: RowReader
    repeated: frozenset[int]


def understanding_of(upload: Upload, person: Person) -> Understanding:
    """Take together what the rows of a sheet need, once for all of them."""
    vocabulary = vocabularies()
    for term in vocabulary.terms:
        # They are only read, across transactions that would otherwise load each anew.
        db.session.expunge(term)
    reader = RowReader(upload.columns, vocabulary, person.zone)
    return Understanding(reader, queries.repeated_rows(upload))


def meanings(
    institution: Institution, rows: Sequence[UploadRow], known: Understanding
) -> Iterator[tuple[UploadRow, Meant]]:
    """Say of each row what it means now."""
    for start in range(0, len(rows), AT_A_TIME):
        batch = [(row, *known.reader.read(row.cells)) for row in rows[start : start + AT_A_TIME]]
        sought = [
            Sought(row.external_id, told["address"], row.title, told["language"])
            for row, told, _problems in batch
        ]
        offers = queries.offers_meant(institution, sought)
        in_work = queries.in_work([offer.id for offer in offers if offer is not None])
        for (row, told, problems), offer in zip(batch, offers, strict=True):
            if row.id in known.repeated:
                problems["id"] = REPEATED
            if offer is not None and offer.id in in_work:
                problems["title"] = IN_WORK
            yield row, _meant(known.reader, offer, told, problems)


def _meant(reader: RowReader, offer: Offer | None, told: Content, problems: Problems) -> Meant:
    live = form_of(offer) if offer else None
    form = revised(live, told) if live else as_new(told)
    for field, sentence in problems_with(form, reader.vocabulary).items():
        problems.setdefault(field, sentence)
    if problems:
        return Meant(form, problems, offer, RowState.FAULTY)
    if live is None:
        return Meant(form, problems, None, RowState.NEW)
    changed = changes_between(fields_of(live), fields_of(form))
    shown = offer is not None and offer.published_at is not None
    state = RowState.CHANGED if changed or not shown else RowState.UNCHANGED
    return Meant(form, problems, offer, state)

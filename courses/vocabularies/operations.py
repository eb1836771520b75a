"""What can be done with vocabularies: bring the tables in line with the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.i18n import Texts
from courses.vocabularies.files import Entry, entries
from courses.vocabularies.models import Term, Vocabulary

OWN_COLUMNS = frozenset(("code", "labels", "alternatives", "broader"))


def sync() -> int:
    """Bring the terms in line with the files; nothing is ever deleted.

    Returns how many terms are new or differ from before.
    """
    known = {(term.vocabulary, term.code): term for term in db.session.scalars(select(Term))}
    changed = 0
    for vocabulary in Vocabulary:
        for position, entry in enumerate(entries(vocabulary)):
            changed += _write(known, vocabulary, entry, position)
    db.session.flush()
    return changed


def edit_words(
    term: Term,
    labels: Texts,
    alternatives: Mapping[str, list[str]],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Write a steward's words over those of the files; what is left empty stays as it was.

    Only what differs is kept as edited, so that all else goes on following the files.
    """
    told = {code: text for code, text in labels.items() if text and text != term.labels.get(code)}
    others = {
        code: words
        for code, words in alternatives.items()
        if words != term.alternatives.get(code, [])
    }
    if not told and not others:
        return
    before = term.edited or {}
    term.edited = {
        "labels": {**before.get("labels", {}), **told},
        "alternatives": {**before.get("alternatives", {}), **others},
    }
    term.labels = {**term.labels, **told}
    term.alternatives = {**term.alternatives, **others}
    thing = f"term:{term.vocabulary.value}:{term.code}"
    audit.note("term-edited", thing, by=by, now=now, fields=sorted({*told, *others}))
    db.session.flush()


def _write(
    known: dict[tuple[Vocabulary, str], Term],
    vocabulary: Vocabulary,
    entry: Entry,
    position: int,
) -> bool:
    above = known[vocabulary, entry["broader"]] if entry.get("broader") else None
    if above is not None and above.id is None:
        db.session.flush()
    key = vocabulary, entry["code"]
    term = known.get(key)
    if term is None:
        term = known[key] = Term(vocabulary=vocabulary, code=entry["code"])
        db.session.add(term)
    edited = term.edited or {}
    wanted = {
        "position": position,
        "labels": {**entry["labels"], **edited.get("labels", {})},
        "alternatives": {**entry.get("alternatives", {}), **edited.get("alternatives", {})},
        "details": {name: value for name, value in entry.items() if name not in OWN_COLUMNS},
        "broader_id": above.id if above else None,
    }
    differs = any(getattr(term, name) != value for name, value in wanted.items())
    for name, value in wanted.items() if differs else ():
        setattr(term, name, value)
    return differs

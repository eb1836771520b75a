"""The vocabularies that every page of the catalogue needs, read once and kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import func, select

from academy.db import db
from courses.vocabularies.models import Term
from courses.vocabularies.queries import Vocabularies, vocabularies

_STAMP = select(func.count(), func.max(Term.changed_at))


@dataclass
class _Kept:
    stamp: object = None
    vocabularies: Vocabularies = field(default_factory=lambda: Vocabularies(()))


_kept = _Kept()
_one_makes = Lock()


def stamp() -> object:
    """Tell the state that all terms are in: it differs once any of them has changed."""
    return db.engine.url, tuple(db.session.execute(_STAMP).one())


def kept_vocabularies() -> Vocabularies:
    """Give what vocabularies() gives, to read only; made anew once a term has changed.

    The terms are copies that no session knows, shared by all requests: a page that shows labels
    need not load two hundred terms in twenty languages. Who writes loads terms of its own; a copy
    added to a session by mistake is refused by the database, for its key is taken.
    """
    known = stamp()
    with _one_makes:
        if _kept.stamp != known:
            _kept.vocabularies = Vocabularies(tuple(map(_copy, vocabularies().terms)))
            _kept.stamp = known
        return _kept.vocabularies


def _copy(term: Term) -> Term:
    columns = Term.__mapper__.column_attrs
    return Term(**{column.key: getattr(term, column.key) for column in columns})

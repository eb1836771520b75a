"""The vocabularies kept between requests: as the database has them, and only to read."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from academy.db import db, unit_of_work
from courses.vocabularies.kept import kept_vocabularies
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies, vocabularies

pytestmark = pytest.mark.usefixtures("app")
HOUSING = Vocabulary.ISSUE, "housing"


def told(known: Vocabularies) -> list[tuple[object, ...]]:
    columns = [column.key for column in Term.__mapper__.column_attrs]
    return [tuple(getattr(term, name) for name in columns) for term in known.terms]


def name_housing(name: str) -> None:
    term = vocabularies().by_code[HOUSING]
    term.labels = {**term.labels, "en": name}
    db.session.flush()


def test_what_is_kept_is_what_the_database_has() -> None:
    assert told(kept_vocabularies()) == told(vocabularies())


def test_nothing_is_read_again_while_no_term_changes() -> None:
    first = kept_vocabularies()
    db.session.rollback()
    assert kept_vocabularies() is first


def test_a_changed_term_is_there_at_once() -> None:
    before = kept_vocabularies()
    with unit_of_work():
        name_housing("Homes")
    assert kept_vocabularies().by_code[HOUSING].labels["en"] == "Homes"
    assert before.by_code[HOUSING].labels["en"] == "Housing"


def test_what_was_taken_back_is_not_kept() -> None:
    known = told(kept_vocabularies())
    name_housing("Homes")
    assert kept_vocabularies().by_code[HOUSING].labels["en"] == "Homes"
    db.session.rollback()
    assert told(kept_vocabularies()) == known


def test_the_database_refuses_a_kept_term_that_somebody_writes() -> None:
    term = kept_vocabularies().by_code[HOUSING]
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.add(term)
    assert term not in db.session
    assert told(kept_vocabularies()) == told(vocabularies())

"""Words that are none of our terms, by count, with the titles they stand beside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from academy.db import db
from courses.harvesting.words.mapping import (
    stored_words,
    with_titles,
)
from courses.sources.models import Source
from courses.vocabularies.models import Vocabulary
from tests.harvesting.harvested import (
    harvest,
    lines,
    record,
    source,
)
from tests.making import NOW

pytestmark = pytest.mark.usefixtures("app")
LATER = NOW + timedelta(minutes=1)
ISSUE, METHODOLOGY, AUDIENCE = Vocabulary.ISSUE, Vocabulary.METHODOLOGY, Vocabulary.AUDIENCE


def test_unmapped_words_come_by_count_with_titles() -> None:
    harvest(
        lines(
            record("a", subjects=["Poetry", "Glass-Blowing"]),
            record("b", subjects=["glass blowing"], terms={"audience": ["Glass blowers"]}),
        )
    )
    shown = stored_words(db.session.get_one(Source, source())).most_used()
    with_titles(shown)
    assert [(one.word, one.among, one.count) for one in shown] == [
        ("Glass-Blowing", "", 2),
        ("Glass blowers", "audience", 1),
        ("Poetry", "", 1),
    ]
    assert sorted(shown[0].titles) == ["About a", "About b"]

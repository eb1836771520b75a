"""Whole numbers in sentences are grouped as the reader does, wherever a sentence is said."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import lazy_gettext

from academy.i18n import gettext, ngettext, speaking

MANY = [("en", "1,000,000"), ("fr", "1\u202f000\u202f000"), ("es", "1.000.000")]


@pytest.mark.parametrize(("language", "grouped"), MANY)
def test_a_number_in_a_sentence_is_grouped(app: Flask, language: str, grouped: str) -> None:
    with app.test_request_context(), speaking(language):
        people = ngettext("%(num)d person", "%(num)d people", 1_000_000)
        places = ngettext("%(num)s place left", "%(num)s places left", 1_000_000)
        total = gettext("%(number)s MB in total", number=1_000_000)
        later = str(lazy_gettext("Use at most %(number)s languages.", number=1_000_000))
    assert [grouped in said for said in (people, places, total, later)] == [True] * 4
    assert [said for said in (people, places, total, later) if "1000000" in said] == []


def test_small_numbers_and_words_stay_as_they_are(app: Flask) -> None:
    with app.test_request_context(), speaking("en"):
        assert ngettext("%(num)d person", "%(num)d people", 1) == "1 person"
        assert ngettext("%(num)d person", "%(num)d people", 999) == "999 people"
        assert gettext("Page %(page)s of %(pages)s", page="1", pages="2026") == "Page 1 of 2026"

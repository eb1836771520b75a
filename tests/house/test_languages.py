"""Every published language says everything, fills in the same, and is written as it is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from translating import FOLDER, as_mo, as_po, carried, identity, languages, read, untranslated

from academy.i18n import DEFAULT, PUBLISHED

TRANSLATED = [language for language in PUBLISHED if language != DEFAULT]
BLANKS = "\u00a0\u202f"
ENDS = str.maketrans({"¿": "", "¡": "", "»": "”", "…": "."})
SAME_ENDS = ".:?!…)"

# What stands in a sentence beside its words.
FILLED = re.compile(r"%(?:\((\w+)\)[a-z]|%)")
MARKUP = re.compile(r"</?[a-z]|&#?\w+;", re.IGNORECASE)
IN_FRENCH_TOO_NEAR = re.compile(rf"[^{BLANKS}](?:[;!?»]|:(?=\s|$))|«[^{BLANKS}]")


def book(language: str) -> Catalog:
    """Read what translators wrote."""
    return read(FOLDER / language / "LC_MESSAGES" / "messages.po", language)


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Give every form of every translation beside the English it is measured against."""
    for message in book(language):
        if message.id:
            yield from ((english, said) for english, said in _pairs(message) if said)


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    if isinstance(message.id, str):
        yield message.id, str(message.string)
        return
    for place, form in enumerate(message.string or ()):
        yield message.id[min(place, 1)], form


def wrong(language: str, fault: re.Pattern[str]) -> list[str]:
    """Give the translations in which something stands that should not."""
    return [said for _english, said in pairs(language) if fault.search(said)]


def test_there_is_a_catalogue_of_every_published_language_and_of_no_other() -> None:
    assert languages() == sorted(TRANSLATED)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_published_language_says_everything(language: str) -> None:
    template = read(FOLDER / "messages.pot")
    spoken = book(language)
    assert {identity(one) for one in spoken} == {identity(one) for one in template}
    assert list(untranslated(spoken)) == []
    assert [identity(one) for one in spoken if one.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_translators_wrote_is_what_the_academy_reads(language: str) -> None:
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    assert path.with_suffix(".mo").read_bytes() == as_mo(book(language)), "make translations"


@pytest.mark.parametrize("language", TRANSLATED)
def test_gathering_the_sentences_twice_changes_nothing(language: str) -> None:
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    again = carried(read(FOLDER / "messages.pot"), book(language), language)
    assert path.read_bytes() == as_po(again), "make translations"


def test_a_changed_sentence_loses_its_translation_and_finds_it_when_it_comes_back() -> None:
    said, changed, before = Catalog(), Catalog(), Catalog(locale="fr")
    said.add("Sign in")
    changed.add("Sign in here")
    before.add("Sign in", "Se connecter")
    after = carried(changed, before, "fr")
    assert list(untranslated(after)) == ["Sign in here"]
    back = carried(said, after, "fr")
    assert [(one.id, one.string) for one in back if one.id] == [("Sign in", "Se connecter")]


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_filled_in_is_filled_in_every_language(language: str) -> None:
    uneven = {
        said: english
        for english, said in pairs(language)
        if Counter(FILLED.findall(said)) != Counter(FILLED.findall(english))
    }
    assert uneven == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_brings_markup(language: str) -> None:
    brought = [
        said
        for english, said in pairs(language)
        if Counter(MARKUP.findall(said)) != Counter(MARKUP.findall(english))
    ]
    assert brought == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_sentences_end_as_they_do_in_english(language: str) -> None:
    def end(text: str) -> str:
        last = text.translate(ENDS)[-1:]
        return last if last in SAME_ENDS else ""

    assert [said for english, said in pairs(language) if end(said) != end(english)] == []


def test_french_keeps_its_distance() -> None:
    assert wrong("fr", IN_FRENCH_TOO_NEAR) == []
    assert wrong("fr", re.compile(r"['\"“”]|\.\.\.")) == []


def test_spanish_questions_and_calls_begin_as_they_end() -> None:
    counted = [Counter(said) for _english, said in pairs("es")]
    assert [one for one in counted if one["?"] != one["¿"] or one["!"] != one["¡"]] == []
    assert wrong("es", re.compile(r"['\"“”]|\.\.\.|\s[;:?!]")) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_has_spaces_where_none_belong(language: str) -> None:
    apart = [said for _english, said in pairs(language) if said != said.strip() or "  " in said]
    assert apart == [", "]

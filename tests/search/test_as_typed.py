"""What is typed is read as it was meant: left out, quoted, in full, whatever it was typed with."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from academy.text import fold
from courses.search.analyzers import words
from courses.search.engine import Outcome, Question
from courses.search.lexicon import Lexicon
from courses.search.params import LONGEST_QUERY, SearchParams
from courses.search.plain.engine import Plain
from courses.search.query import MOST_WORDS, TextQuery, text_query
from tests.making import NOW, make_offer
from tests.search.asked import Truth
from tests.search.indexed import drained, indexed, look, totals

RLM, LRM, ZWNJ, ZWJ, VARIANT = "\u200f", "\u200e", "\u200c", "\u200d", "\ufe0f"
NOTE = f"Only the first {MOST_WORDS} words and {LONGEST_QUERY} letters of a question are read."


def built(app: Flask, *titles: str) -> Path:
    """Index offers with these titles."""
    for title in titles:
        make_offer(title)
    folder = indexed(app)
    drained(folder)
    return folder


def thrice(folder: Path, q: str) -> list[int]:
    """Count what the index finds, what the database finds, and what is found by looking."""
    params = SearchParams(q)
    plain = Plain().search(Question(params, NOW))
    return [look(folder, q).total, plain.total, Truth().answer(params).total]


def read(text: str) -> TextQuery:
    return text_query(text, Lexicon())


@pytest.mark.parametrize(
    ("q", "number"),
    [
        ("housing", 3),
        ('housing -"social housing"', 2),
        ("housing -social", 1),
        ('housing -rent -"social housing"', 1),
        ('housing -"housing and" -"social housing"', 0),
        ("housing -social-housing", 2),
    ],
)
def test_a_phrase_left_out_leaves_its_words_alone(app: Flask, q: str, number: int) -> None:
    folder = built(
        app, "Housing and social inclusion", "Social housing for all", "Housing and rent", "Water"
    )
    assert thrice(folder, q) == [number] * 3


@pytest.mark.parametrize(
    ("q", "number"),
    [
        ("Trading -Watch me manage", 2),
        ("trading -watch me manage", 2),
        ("trading me -watch manage", 1),
        ("Trading -Watch me manage -all", 1),
        ('Trading -"watch me" manage', 3),
        ('Manage trading -"watch me"', 2),
    ],
)
def test_the_title_of_an_offer_finds_it_with_its_hyphen(app: Flask, q: str, number: int) -> None:
    folder = built(
        app, "Trading -Watch me manage", "Manage me while trading", "Watch all trading, manage me"
    )
    assert thrice(folder, q) == [number] * 3


@pytest.mark.parametrize("mark", [RLM, LRM, "\u2067", "\u200b"])
def test_marks_that_nobody_sees_hide_no_operator(mark: str) -> None:
    assert read(f'water {mark}-river {mark}"social housing{mark}"') == read(
        'water -river "social housing"'
    )
    assert read(f"water -{mark}river").left_out == (("river",),)


@pytest.mark.parametrize("q", ['("social housing")', 'water/"social housing"', '…"social housing"'])
def test_quotes_in_brackets_are_quotes(q: str) -> None:
    assert read(q).phrases == (("social", "housing"),)


@pytest.mark.parametrize(
    ("q", "left_out"),
    [
        ("city (-river)", (("river",),)),
        ("city -co-op", (("co", "op"),)),
        ("low-income housing", ()),
        ("cities--and rivers", ()),
        ("(inter)-action", ()),
        ('a 5"-pipe "of lead"', ()),
    ],
)
def test_a_hyphen_leaves_out_only_where_a_word_begins(q: str, left_out: tuple[object]) -> None:
    assert read(q).left_out == left_out


MANY = [f"word{number}" for number in range(MOST_WORDS)]


@pytest.mark.parametrize(
    ("q", "shortened"),
    [
        (" ".join(MANY), False),
        (" ".join([*MANY, "word3"]), False),
        (" ".join([*MANY, "more"]), True),
        (f'"{" ".join(MANY)}" more', True),
        (f'"{" ".join(MANY)} more"', True),
        (" ".join(["word", *(f"-{one}" for one in MANY)]), False),
        (" ".join(["word", *(f"-{one}" for one in MANY), '-"one more"']), True),
        (f'word -"{" ".join([*MANY, "more"])}"', True),
    ],
)
def test_more_than_is_read_is_known(q: str, shortened: bool) -> None:
    assert read(q).shortened is shortened


@pytest.mark.parametrize(
    ("q", "shortened"),
    [
        ("water", False),
        (" ".join([*MANY, "more"]), True),
        (f"water{' ' * 400}", False),
        (f"water{' ' * 400}city", True),
    ],
)
def test_page_and_api_say_that_more_was_typed_than_is_read(
    shown: Flask, q: str, shortened: bool
) -> None:
    client, query = shown.test_client(), urlencode({"q": q})
    assert client.get(f"/api/v1/offers?{query}").get_json()["shortened"] is shortened
    assert client.get(f"/en/learn?{query}").text.count(NOTE) == int(shortened)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"می{ZWNJ}روم", "میروم"),
        (f"wa{ZWJ}ter", "water"),
        (f"wa\u2063ter{VARIANT}", "water"),
        ("wa\u180eter", "water"),
        ("葛\U000e0100城", "葛城"),
        ("ＷＡＴＥＲ ２０３０", "water 2030"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("خطة ٢٠٣٠", "خطة 2030"),
        ("برنامه ۲۰۳۰", "برنامه 2030"),
        ("योजना २०३०", "योजना 2030"),
        ("مدیریت شهری", "مديريت شهري"),
        ("کارگاه", "كارگاه"),
        ("ﻣﺎﺀ ﻻ", "ماء لا"),
        ("ﷲ", "الله"),
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("ท\u0e4d\u0e32งาน", "ทำงาน"),
        ("ນ\u0ec9\u0ecd\u0eb2", "ນ້ຳ"),
    ],
)
def test_a_word_is_the_same_however_it_was_encoded(one: str, other: str) -> None:
    assert words(one) == words(other) != []
    assert fold(fold(one)) == fold(one) == fold(other)


def test_what_was_encoded_otherwise_is_found(app: Flask) -> None:
    folder = built(app, "Qwertz 2030", f"مدیریت آب می{ZWNJ}روم", "จัดการน้ำ")
    asked = ("ＱＷＥＲＴＺ", "٢٠٣٠", "مديريت", "میروم", "น\u0e49\u0e4d\u0e32")
    assert totals(folder, *asked) == [1] * 5
    assert look(folder, "ＱＷＥＲＴＺ ٢٠٣٠").outcome is Outcome.ALL_WORDS
